/** Bad input gets a clear error in the client's dialect, and the process lives. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import authStatic from '@gatewright/auth-static';
import type { Plugin } from '@gatewright/core';
import { post, startGateway, type TestGateway } from './gateways.ts';
import { JSON_BODY, Upstream } from './upstream.ts';
import { OPENAI_HELLO } from './wires.ts';

let upstream: Upstream;
let gateway: TestGateway;
const KEY = 'sk-test-0123456789abcdef';

beforeAll(async () => {
  upstream = await Upstream.start();
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  gateway = await startGateway({
    upstream: upstream.url,
    config: {
      limits: { body: '100kb', bodyTimeout: '300ms', depth: 64 },
      plugins: [
        { use: authStatic as Plugin, with: { keys: [{ key: KEY, id: 'tester', models: ['gpt', 'claude*'] }] } },
      ],
      models: {
        gpt: { targets: ['openai/gpt-upstream'] },
        claude: { targets: ['anthropic/claude-upstream'] },
        hidden: { targets: ['openai/hidden'] },
      },
    },
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const bearer = { authorization: `Bearer ${KEY}` };
const good = { model: 'gpt', messages: [{ role: 'user', content: 'hi' }] };

interface Case {
  readonly name: string;
  readonly body: string | object;
  readonly headers?: Record<string, string>;
  readonly status: number;
  readonly message: string | RegExp;
}

const CASES: readonly Case[] = [
  {
    name: 'malformed JSON',
    body: '{"model":"gpt",',
    status: 400,
    message: /^The body is not valid JSON: expected a key in double quotes at byte 15/,
  },
  { name: 'an empty body', body: '', status: 400, message: /the body is empty/ },
  { name: 'an array', body: '[]', status: 400, message: 'The request body must be a JSON object.' },
  {
    name: 'no model',
    body: { messages: [] },
    status: 400,
    message: 'The request names no model. Set "model" to a string.',
  },
  {
    name: 'a model that is a number',
    body: { ...good, model: 7 },
    status: 400,
    message: 'The request names no model. Set "model" to a string.',
  },
  {
    name: 'an unknown model',
    body: { ...good, model: 'gpr' },
    status: 404,
    message: 'The model "gpr" is not configured. Did you mean "gpt"? List the models with GET /v1/models.',
  },
  {
    name: 'a model of somebody else',
    body: { ...good, model: 'hidden' },
    status: 403,
    message: 'This key may not use the model "hidden".',
  },
  { name: 'no key', body: good, headers: { authorization: '' }, status: 401, message: /^No API key was sent\./ },
  {
    name: 'a wrong key',
    body: good,
    headers: { authorization: 'Bearer sk-wrong' },
    status: 401,
    message: 'The API key is not known here.',
  },
  {
    name: 'a body over the limit',
    body: { ...good, pad: 'x'.repeat(100_000) },
    status: 413,
    message: 'The request body is larger than 100000 bytes. Raise `limits.body` in the configuration.',
  },
  {
    name: 'deep nesting',
    body: `{"model":"gpt","x":${'['.repeat(100)}${']'.repeat(100)}}`,
    status: 400,
    message: 'The request body nests deeper than 64 levels.',
  },
  {
    name: 'a __proto__ key',
    body: '{"model":"gpt","messages":[{"__proto__":{"a":1}}]}',
    status: 400,
    message: /"__proto__" is not allowed/,
  },
  {
    name: 'a duplicate key',
    body: '{"model":"gpt","model":"hidden","messages":[]}',
    status: 400,
    message: 'The key "model" stands twice.',
  },
  {
    name: 'a wrong content type',
    body: 'a=b',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    message: /^The content type is "application\/x-www-form-urlencoded"/,
  },
  {
    name: 'a compressed body',
    body: 'x',
    headers: { 'content-encoding': 'gzip' },
    status: 415,
    message: /is encoded as "gzip"/,
  },
];

describe.each([
  ['OpenAI', '/v1/chat/completions', (body: never) => (body as { error: { message: string } }).error.message],
  ['Anthropic', '/v1/messages', (body: never) => (body as { error: { message: string } }).error.message],
])('in the form of %s', (dialect, path, messageOf) => {
  test.each(CASES)('$name', async ({ body, headers, status, message }) => {
    const response = await post(gateway.url + path, body, { ...bearer, ...headers });
    expect(response.status).toBe(status);
    expect(response.headers.get('x-gatewright-request-id')).toMatch(/^gw_[0-9a-f]{24}$/);
    const json = (await response.json()) as never;
    if (typeof message === 'string') expect(messageOf(json)).toBe(message);
    else expect(messageOf(json)).toMatch(message);
    if (dialect === 'Anthropic') expect(json).toMatchObject({ type: 'error', error: { type: expect.any(String) } });
    else expect(json).toMatchObject({ error: { type: expect.any(String), code: expect.any(String) } });
  });
});

test('invalid UTF-8', async () => {
  const body = Buffer.concat([
    Buffer.from('{"model":"gpt","messages":[{"role":"user","content":"'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"}]}'),
  ]);
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer, 'content-type': 'application/json' },
    body,
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { message: 'The request body is not valid UTF-8.' } });
});

test('wrong types name the field, where the request has to be read', async () => {
  const body = { ...good, model: 'claude', messages: [{ role: 'user', content: 42 }] };
  const response = await post(`${gateway.url}/v1/chat/completions`, body, bearer);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param: expect.stringContaining('messages') } });
});

test('a body that drips is given up', async () => {
  const answer = await raw(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"mod`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toContain('The request body did not arrive within 300 ms.');
  expect(answer.toLowerCase()).toContain('connection: close');
});

test('a refused request costs no connection: the next one comes on the same, whenever the small body arrives', async () => {
  const body = JSON.stringify(good);
  const head = (key: string, more = ''): string =>
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${more}\r\n`;
  const strange = head('nobody-has-this-key');
  const answer = await raw(strange + body + strange, body + head(KEY, 'connection: close\r\n') + body);
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 401', 'HTTP/1.1 200']);
});

test('headers over the limit', async () => {
  const answer = await raw(`GET /v1/models HTTP/1.1\r\nhost: x\r\nx-pad: ${'y'.repeat(20_000)}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(answer).toContain('GW_HEADERS_TOO_LARGE');
});

test('what is not HTTP', async () => {
  expect(await raw('hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

test('a path that nobody serves, and a method that it does not have', async () => {
  const missing = await post(`${gateway.url}/v1/chat/completion`, good, bearer);
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({
    error: {
      code: 'GW_NOT_FOUND',
      message: expect.stringContaining('POST /v1/chat/completion is not served here. Check the base URL'),
    },
  });
  const wrong = await fetch(`${gateway.url}/v1/chat/completions`);
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get('allow')).toBe('POST');
});

test('the process lives: a good request is answered after all of that', async () => {
  const response = await post(`${gateway.url}/v1/chat/completions`, good, bearer);
  expect(response.status).toBe(200);
});

test('the model list shows what the key may use, and hides the rest', async () => {
  const list = (await (await fetch(`${gateway.url}/v1/models`, { headers: bearer })).json()) as {
    data: { id: string }[];
  };
  expect(list.data.map((model) => model.id)).toEqual(['gpt', 'claude']);
  expect((await fetch(`${gateway.url}/v1/models/gpt`, { headers: bearer })).status).toBe(200);
  expect((await fetch(`${gateway.url}/v1/models/hidden`, { headers: bearer })).status).toBe(404);
});

/** Sends bytes on a bare socket, the later ones once it was answered; answers with all that comes back until it closes. */
function raw(bytes: string, later = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket
      .on('data', (chunk) => (answer += chunk.toString()))
      .once('data', () => later !== '' && setTimeout(() => socket.write(later), 50))
      .on('close', () => resolve(answer))
      .on('error', reject);
  });
}
