/** Replies that are no good in themselves: each counts as a failure before its content, none hangs, and none takes the memory. */
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { BareUpstream, chunked, head, type Said } from './bare-upstream.ts';
import { post, startGateway, waitFor, type TestGateway } from './gateways.ts';
import { WatchedClock } from './watched-clock.ts';
import { OPENAI_FRAMES, OPENAI_HELLO, OPENAI_STREAM, textChunk } from './wires.ts';

let upstream: BareUpstream;
let running: TestGateway | undefined;

beforeAll(async () => {
  upstream = await BareUpstream.start();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => upstream.stop());

const MODELS = { gpt: { targets: ['openai/first'], fallbacks: ['second'] }, second: { targets: ['openai/second'] } };

async function start(config: object = {}, clock?: WatchedClock): Promise<string> {
  const options = { upstream: upstream.url, config: { models: MODELS, ...config }, ...(clock && { clock }) };
  running = await startGateway(options);
  return running.url;
}

const JSON_TYPE = { 'content-type': 'application/json', connection: 'close' };
const SSE_TYPE = { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' };
const ask = (url: string, stream: boolean) =>
  post(`${url}/v1/chat/completions`, { model: 'gpt', messages: [{ role: 'user', content: 'hi' }], stream });
const errors = async (): Promise<(string | undefined)[]> =>
  ((await running?.record())?.attempts ?? []).map(({ error }) => error?.message);

const goodWhole: Said = {
  bytes: head('200 OK', { ...JSON_TYPE, 'content-length': String(Buffer.byteLength(OPENAI_HELLO)) }) + OPENAI_HELLO,
};
const goodStream: Said = {
  bytes: Buffer.concat([Buffer.from(head('200 OK', SSE_TYPE)), ...OPENAI_FRAMES.map(chunked), chunked('')]),
};
const packed = gzipSync(OPENAI_HELLO);
const GZIP = { ...JSON_TYPE, 'content-encoding': 'gzip' };
const HTML = { 'content-type': 'text/html', connection: 'close' };
const { role, hello } = OPENAI_STREAM;

describe('before content, the next target is asked', () => {
  test.each<[string, Said, RegExp]>([
    [
      'a redirect, which is never followed',
      {
        bytes: head('307 Temporary Redirect', {
          location: 'https://elsewhere.example/v1?token=s3cret',
          'content-length': '0',
        }),
      },
      /^openai\/first answered with a redirect to https:\/\/elsewhere\.example \(status 307\), and redirects are never followed\.$/,
    ],
    [
      'a gzip that is cut',
      { bytes: Buffer.concat([Buffer.from(head('200 OK', GZIP)), packed.subarray(0, -20)]) },
      /compressed reply is broken/,
    ],
    ['a gzip that is none', { bytes: `${head('200 OK', GZIP)}${OPENAI_HELLO}` }, /compressed reply is broken/],
    [
      'an encoding that nobody knows',
      { bytes: `${head('200 OK', { ...JSON_TYPE, 'content-encoding': 'x-own' })}abc` },
      /unknown encoding "x-own"/,
    ],
    [
      'a web page',
      { bytes: `${head('200 OK', HTML)}<!doctype html><title>Log in</title>` },
      /answered with a web page instead of openai-chat/,
    ],
    [
      'an empty body',
      { bytes: head('200 OK', { ...JSON_TYPE, 'content-length': '0' }) },
      /ended its answer before it began/,
    ],
    ['a body of nothing but space', { bytes: `${head('200 OK', JSON_TYPE)}  \n ` }, /is not openai-chat/],
    [
      'a broken chunk size',
      { bytes: `${head('200 OK', { ...JSON_TYPE, 'transfer-encoding': 'chunked' })}zz\r\n{}\r\n` },
      /broke in the middle/,
    ],
    [
      'chunks without an end',
      { bytes: `${head('200 OK', { ...JSON_TYPE, 'transfer-encoding': 'chunked' })}5\r\n{"id"\r\n` },
      /broke in the middle/,
    ],
    ['a head that is no HTTP', { bytes: 'SSH-2.0-OpenSSH_9.6\r\n' }, /could not be reached/],
    [
      'a length that is longer than the body',
      { bytes: `${head('200 OK', { ...JSON_TYPE, 'content-length': '9999' })}{}` },
      /broke in the middle/,
    ],
    ['a reset before the head', { bytes: 'HTTP/1.1 20', after: 'reset' }, /could not be reached/],
  ])('%s', async (_name, bad, said) => {
    const url = await start();
    upstream.say(bad, goodWhole);
    const response = await ask(url, false);
    expect([response.status, await response.json()]).toMatchObject([200, { choices: [{ finish_reason: 'stop' }] }]);
    const [first, second] = await errors();
    expect(first).toMatch(said);
    expect(first).not.toContain('s3cret');
    expect(second).toBeUndefined();
    expect(upstream.requests).toBe(2);
  });

  test.each<[string, Said, RegExp]>([
    ['a web page', { bytes: `${head('200 OK', HTML)}<html></html>` }, /answered with a web page/],
    [
      'a broken chunk',
      { bytes: `${head('200 OK', SSE_TYPE)}${chunked(role).toString()}-1\r\n` },
      /broke in the middle/,
    ],
    [
      'an event without an end',
      { bytes: `${head('200 OK', { 'content-type': 'text/event-stream' })}data: ${'x'.repeat(20_000)}`, after: 'hang' },
      /longer than 10000 bytes/,
    ],
    [
      'comments without an end',
      {
        bytes: `${head('200 OK', { 'content-type': 'text/event-stream' })}${': ping\n\n'.repeat(5000)}`,
        after: 'hang',
      },
      /more than 30000 bytes/,
    ],
  ])('of a stream: %s', async (_name, bad, said) => {
    const url = await start({ limits: { event: 10_000, stream: 30_000 } });
    upstream.say(bad, goodStream);
    const text = await (await ask(url, true)).text();
    expect(text).toContain(' there');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect((await errors())[0]).toMatch(said);
    await waitFor(() => (upstream.open <= 1 ? true : undefined));
  });
});

describe('after content, the stream ends with one error', () => {
  const broken = async (url: string): Promise<string> => {
    const text = await (await ask(url, true)).text();
    expect(text).toContain('"Hello"');
    expect(text).not.toContain('[DONE]');
    expect(text.match(/"error":/g)).toHaveLength(1);
    return text;
  };

  test('a broken chunk', async () => {
    const url = await start();
    upstream.say({
      bytes: Buffer.concat([Buffer.from(head('200 OK', SSE_TYPE)), chunked(hello), Buffer.from('zz\r\n')]),
    });
    expect(await broken(url)).toContain('GW_UPSTREAM_CUT');
  });

  test('a cut inside a gzip', async () => {
    const url = await start();
    const bytes = gzipSync(OPENAI_FRAMES.join(''), { level: 0 });
    const gzip = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
    upstream.say({ bytes: Buffer.concat([Buffer.from(head('200 OK', gzip)), bytes.subarray(0, bytes.length >> 1)]) });
    expect(await broken(url)).toMatch(/GW_UPSTREAM_(INVALID|CUT)/);
  });

  test('a gigantic event', async () => {
    const url = await start({ limits: { event: 10_000 } });
    let more = (): void => undefined;
    upstream.say((socket) => {
      socket.write(head('200 OK', { 'content-type': 'text/event-stream' }) + hello);
      more = () => void socket.write(`data: ${'x'.repeat(20_000)}`);
    });
    const response = await ask(url, true);
    more();
    const text = await response.text();
    expect(text).toContain('"Hello"');
    expect(text).toContain('longer than 10000 bytes');
    expect(text).not.toContain('[DONE]');
    await waitFor(() => (upstream.open === 0 ? true : undefined));
  });

  test('an endless stream, by its size', async () => {
    const url = await start({ limits: { stream: 200_000 } });
    let sent = 0;
    upstream.say((socket) => {
      socket.write(head('200 OK', { 'content-type': 'text/event-stream' }) + hello);
      const more = (): void => {
        while (!socket.destroyed && socket.write(textChunk('x'.repeat(1000)))) sent += 1000;
        sent += 1000;
      };
      socket.on('drain', more);
      more();
    });
    expect(await broken(url)).toContain('more than 200000 bytes');
    await waitFor(() => (upstream.open === 0 ? true : undefined));
    expect(sent).toBeGreaterThan(100_000);
  });

  test('a slow drip, by its total time', async () => {
    const clock = new WatchedClock();
    const url = await start({ timeouts: { idle: '10s', firstToken: '20s', total: '60s' }, keepAlive: 'off' }, clock);
    upstream.say((socket) => {
      socket.write(head('200 OK', { 'content-type': 'text/event-stream' }) + hello);
      const timer = setInterval(() => socket.write(': drip\n\n'), 5);
      socket.on('close', () => clearInterval(timer));
    });
    const response = await ask(url, true);
    clock.advance(20_000);
    await clock.awaited(40_000);
    clock.advance(40_000);
    const text = await response.text();
    expect(text).toContain('did not finish within 60000 ms');
    await waitFor(() => (upstream.open === 0 ? true : undefined));
  });
});

test('bytes that are no UTF-8 pass as they are, and break nothing', async () => {
  const url = await start();
  const [before = '', after = ''] = textChunk('<>').split('<>');
  const bad = Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from(after)]);
  const frames = [Buffer.from(hello), bad, ...OPENAI_FRAMES.slice(3).map((frame) => Buffer.from(frame))];
  upstream.say({ bytes: Buffer.concat([Buffer.from(head('200 OK', SSE_TYPE)), ...frames.map(chunked), chunked('')]) });
  const bytes = Buffer.from(await (await ask(url, true)).arrayBuffer());
  expect(bytes.includes(bad)).toBe(true);
  expect(bytes.toString().endsWith('data: [DONE]\n\n')).toBe(true);
  expect((await running?.record())?.result).toBe('success');
});

describe('a server that is not there', () => {
  test.each([
    ['refused', 'http://127.0.0.1:1', /ECONNREFUSED/],
    // A name that nobody may have (RFC 6761); where no name can be looked up at all, that takes its time.
    ['unknown', 'http://gateway.invalid', /ENOTFOUND|EAI_AGAIN|did not accept a connection/],
  ])('%s: is said so', async (_name, address, said) => {
    running = await startGateway({ upstream: address, config: { models: MODELS, timeouts: { connect: '2s' } } });
    const response = await ask(running.url, false);
    expect([502, 504]).toContain(response.status);
    expect(await response.text()).toMatch(said);
  });
});
