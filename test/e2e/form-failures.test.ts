/** Forms that fail: on the client's side, on the provider's, and in between. Nothing of them is left behind. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fileOf, noise } from './form-upstream.ts';
import { startGateway, waitFor, type TestGateway } from './gateways.ts';
import { JSON_BODY, Upstream, type Received } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  const targets = [
    { provider: 'openai', model: 'first' },
    { provider: 'openai', model: 'second' },
  ];
  gateway = await startGateway({
    upstream: upstream.url,
    config: {
      models: { gpt: { targets: targets.slice(0, 1), fallbacks: ['other'] }, other: { targets: targets.slice(1) } },
      limits: { upload: '4mb', uploadTimeout: '700ms' },
    },
  });
});

beforeEach(() => {
  gateway.records.length = 0;
  upstream.answer({ headers: JSON_BODY, chunks: ['{"text":"Hi."}'] });
});

afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

/** Files of spools that are still open in this process, which is the gateway's too; Linux tells. */
function openSpools(): string[] {
  if (!existsSync('/proc/self/fd')) return [];
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.includes('gatewright-upload-') ? [path] : [];
    } catch {
      return [];
    }
  });
}

afterEach(() => waitFor(() => (openSpools().length === 0 ? true : undefined)));

const SOUND = noise(2_500_000);

function formOf(change: (form: FormData) => void = () => undefined): FormData {
  const form = new FormData();
  form.append('file', new File([SOUND], 'a.wav', { type: 'audio/wav' }));
  form.append('model', 'gpt');
  change(form);
  return form;
}

const URL_PATH = '/v1/audio/transcriptions';
const send = (body: FormData): Promise<Response> => fetch(gateway.url + URL_PATH, { method: 'POST', body });

async function errorOf(response: Response): Promise<[number, string, string | null]> {
  const { error } = (await response.json()) as { error: { code: string; param: string | null } };
  return [response.status, error.code, error.param];
}

/** Writes raw HTTP; answers with what comes back until the connection is closed. */
async function raw(head: string, pieces: readonly (string | Buffer)[], gap = 0): Promise<string> {
  const socket = await open();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = once(socket, 'close');
  socket.write(`POST ${URL_PATH} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${head}\r\n\r\n`);
  for (const piece of pieces) {
    if (chunks.length > 0 || socket.destroyed) break;
    socket.write(piece);
    if (gap > 0) await new Promise((resolve) => setTimeout(resolve, gap));
  }
  await closed;
  return Buffer.concat(chunks).toString();
}

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const FORM = 'content-type: multipart/form-data; boundary=zz\r\ncontent-length: ';
const PART = '--zz\r\nContent-Disposition: form-data; name="model"\r\n\r\ngpt\r\n';

describe('a form of the client that is no good is refused, and nothing is sent', () => {
  test.each([
    ['no model', (form: FormData) => form.delete('model'), [400, 'GW_BAD_REQUEST', 'model']],
    ['an empty model', (form: FormData) => form.set('model', ''), [400, 'GW_BAD_REQUEST', 'model']],
    ['two models', (form: FormData) => form.append('model', 'gpt-expensive'), [400, 'GW_BAD_REQUEST', 'model']],
    [
      'a file as its model',
      (form: FormData) => form.set('model', new File(['gpt'], 'm')),
      [400, 'GW_BAD_REQUEST', 'model'],
    ],
    ['a model that nobody knows', (form: FormData) => form.set('model', 'x'), [404, 'GW_UNKNOWN_MODEL', 'model']],
    [
      'too much in it',
      (form: FormData) => form.append('more', new File([SOUND], 'b.wav')),
      [413, 'GW_BODY_TOO_LARGE', null],
    ],
    [
      'a field that is too large',
      (form: FormData) => form.append('prompt', 'x'.repeat(2 ** 20)),
      [413, 'GW_BODY_TOO_LARGE', null],
    ],
  ])('%s', async (_what, change, expected) => {
    expect(await errorOf(await send(formOf(change)))).toEqual(expected);
    expect(upstream.received).toEqual([]);
    expect(await gateway.record()).toMatchObject({ status: expected[0], result: 'error', attempts: [] });
  });

  test.each([
    ['JSON', 'application/json', '{}', 415, 'GW_UNSUPPORTED_MEDIA_TYPE'],
    ['a content type without a boundary', 'multipart/form-data', '--b--', 400, 'GW_BAD_REQUEST'],
    ['a boundary that is too long', `multipart/form-data; boundary=${'b'.repeat(71)}`, '--b--', 400, 'GW_BAD_REQUEST'],
    ['another kind of multipart', 'multipart/mixed; boundary=b', '--b--', 415, 'GW_UNSUPPORTED_MEDIA_TYPE'],
    ['no parts', 'multipart/form-data; boundary=b', 'hello', 400, 'GW_BAD_REQUEST'],
    ['an end that is missing', 'multipart/form-data; boundary=zz', PART, 400, 'GW_BAD_REQUEST'],
  ])('%s', async (_what, type, body, status, code) => {
    const response = await fetch(gateway.url + URL_PATH, { method: 'POST', body, headers: { 'content-type': type } });
    expect((await errorOf(response)).slice(0, 2)).toEqual([status, code]);
    expect(upstream.received).toEqual([]);
  });

  test('a length that is over the limit, before a byte of it is there', async () => {
    const answer = await raw(`${FORM}4000001`, []);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('limits.upload');
  });

  test('an encoded one', async () => {
    expect(await raw(`content-encoding: gzip\r\n${FORM}3`, ['abc'])).toMatch(/^HTTP\/1.1 415 /);
  });

  test('one that comes too slowly', async () => {
    const answer = await raw(`${FORM}1000`, [PART, ...Array.from({ length: 100 }, () => 'x')], 10);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('GW_BODY_TIMEOUT');
    expect(upstream.received).toEqual([]);
  });

  test('one whose client leaves in the middle, on disk or not', async () => {
    for (const [index, size] of [1_000, 2_000_000].entries()) {
      const socket = await open();
      socket.write(`POST ${URL_PATH} HTTP/1.1\r\nhost: x\r\n${FORM}3000000\r\n\r\n${PART}--zz\r\n`);
      socket.write('Content-Disposition: form-data; name="file"; filename="a"\r\n\r\n');
      socket.write(SOUND.subarray(0, size));
      if (size > 1_500_000 && existsSync('/proc/self/fd')) await waitFor(() => openSpools()[0]);
      else await new Promise((resolve) => setTimeout(resolve, 30));
      socket.destroy();
      expect(await gateway.record(index)).toMatchObject({ result: 'client-gone', status: 499, attempts: [] });
    }
    expect(upstream.received).toEqual([]);
  });
});

test.each([
  ['multipart/form-data; boundary=zz', 'zz'],
  ['Multipart/Form-Data;BOUNDARY="a b=(c)"', 'a b=(c)'],
  ["multipart/form-data; charset=utf-8; boundary=--0'+_,-./:=?; x=y", "--0'+_,-./:=?"],
])('a form of the type %s is read', async (type, boundary) => {
  const part = (head: string, value: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
  const body = `${part('name=model', 'gpt')}${part('name="file"; filename="a.wav"', 'RIFF')}--${boundary}--`;
  const response = await fetch(gateway.url + URL_PATH, { method: 'POST', body, headers: { 'content-type': type } });
  expect([response.status, await response.json()]).toEqual([200, { text: 'Hi.' }]);
  expect((await fileOf(upstream.received[0] as Received)).bytes.toString()).toBe('RIFF');
});

describe('a provider that fails', () => {
  const OVERLOADED = { status: 500, headers: JSON_BODY, chunks: ['{"error":{"message":"overloaded"}}'] };
  const modelIn = (received: Received): string | undefined =>
    /name="model"\r\n\r\n(\w+)/.exec(received.body.toString('latin1'))?.[1];

  test('is followed by the next, which gets the same form', async () => {
    upstream.answer((_received, index) =>
      index === 0 ? OVERLOADED : { headers: JSON_BODY, chunks: ['{"text":"Hi."}'] },
    );
    const response = await send(formOf());
    expect([response.status, await response.json()]).toEqual([200, { text: 'Hi.' }]);
    const [first, second] = upstream.received as [Received, Received];
    expect([modelIn(first), modelIn(second)]).toEqual(['first', 'second']);
    expect(second.body.toString('latin1').replace('second', 'first') === first.body.toString('latin1')).toBe(true);
    expect((await fileOf(second)).bytes.equals(SOUND)).toBe(true);
    expect((await gateway.record()).attempts.map(({ status, result }) => [status, result])).toEqual([
      [500, 'error'],
      [200, 'success'],
    ]);
  });

  test('and refuses the form is not followed by any', async () => {
    upstream.answer({
      status: 400,
      headers: JSON_BODY,
      chunks: ['{"error":{"message":"Invalid file format.","param":"file"}}'],
    });
    expect(await errorOf(await send(formOf()))).toEqual([400, 'GW_UPSTREAM_ERROR', 'file']);
    expect(upstream.received).toHaveLength(1);
  });

  test('ends the connection in the middle of a sound ends that of the client', async () => {
    upstream.answer({ headers: { 'content-type': 'audio/mpeg' }, chunks: [SOUND.subarray(0, 200_000)], end: 'reset' });
    const body = JSON.stringify({ model: 'gpt', input: 'Hi', voice: 'alloy' });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${gateway.url}/v1/audio/speech`, { method: 'POST', body, headers });
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow('terminated');
    expect(upstream.received).toHaveLength(1);
    expect(await gateway.record()).toMatchObject({
      result: 'error',
      error: { code: 'GW_UPSTREAM_CUT' },
      attempts: [{ status: 200, result: 'error' }],
    });
  });

  test.each([
    ['breaks before the first byte of a sound', { headers: { 'content-type': 'audio/mpeg' }, end: 'reset' }],
    ['sends a sound without a byte', { headers: { 'content-type': 'audio/mpeg' } }],
    ['sends an error in place of a sound', { headers: JSON_BODY, chunks: ['{"error":{"message":"overloaded"}}'] }],
  ] as const)('%s is followed by the next', async (_what, answer) => {
    upstream.answer((_received, index) =>
      index === 0 ? answer : { headers: { 'content-type': 'audio/mpeg' }, chunks: ['ID3'] },
    );
    const body = JSON.stringify({ model: 'gpt', input: 'Hi', voice: 'alloy' });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${gateway.url}/v1/audio/speech`, { method: 'POST', body, headers });
    expect([response.status, await response.text()]).toEqual([200, 'ID3']);
    expect((await gateway.record()).attempts).toHaveLength(2);
  });
});
