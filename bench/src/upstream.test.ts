/** Tests that the upstream speaks valid HTTP, as another client understands it. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from 'undici';
import { chatEvents, chatReply, chatRequest } from './payload.ts';
import { apiPath, startUpstream } from './upstream.ts';

let upstream: Awaited<ReturnType<typeof startUpstream>>;
let client: Client;

beforeAll(async () => {
  upstream = await startUpstream();
  client = new Client(`http://127.0.0.1:${upstream.port}`);
});

afterAll(async () => {
  await client.destroy();
  upstream.server.close();
});

const post = (path: string, body: Buffer): ReturnType<Client['request']> =>
  client.request({
    method: 'POST',
    path: `${path}/chat/completions`,
    body,
    headers: { 'content-type': 'application/json' },
  });

test('answers whole, again and again on one connection, whatever the size of the request', async () => {
  for (const size of [400, 100_000, 400]) {
    const reply = await post(apiPath('whole'), chatRequest('m', size));
    expect(reply.statusCode).toBe(200);
    expect(await reply.body.text()).toBe(chatReply().toString());
  }
});

test('streams a hundred events, each whole, to the end mark', async () => {
  const reply = await post(apiPath('burst'), chatRequest('m', 400, true));
  expect(reply.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  const text = await reply.body.text();
  expect(text).toBe(Buffer.concat(chatEvents(100)).toString());
  const events = text.split('\n\n').slice(0, -1);
  expect(events).toHaveLength(100);
  expect(events.pop()).toBe('data: [DONE]');
  for (const event of events) expect(JSON.parse(event.slice('data: '.length))).toHaveProperty('choices');
  const again = await post(apiPath('whole'), chatRequest('m', 400));
  expect(await again.body.text()).toBe(chatReply().toString());
});

test('understands a request however it is cut', async () => {
  const socket = connect({ port: upstream.port, host: '127.0.0.1', noDelay: true });
  const body = chatRequest('m', 400);
  const request = Buffer.concat([
    Buffer.from(
      `POST ${apiPath('whole')}/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`,
    ),
    body,
  ]);
  for (const cut of [10, request.length - body.length - 2, request.length - 1]) {
    socket.write(request.subarray(0, cut));
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(request.subarray(cut));
    let reply = '';
    while (!reply.endsWith(chatReply().toString())) reply += String((await once(socket, 'data'))[0]);
    expect(reply.startsWith('HTTP/1.1 200 OK\r\n')).toBe(true);
    expect(reply.match(/HTTP\/1\.1/g)).toHaveLength(1);
  }
  socket.destroy();
});

test('refuses other paths, and requests without a length', async () => {
  const stranger = new Client(`http://127.0.0.1:${upstream.port}`);
  const lost = await stranger.request({ method: 'POST', path: '/nothing', body: '{}' });
  expect(lost.statusCode).toBe(404);
  await lost.body.dump();
  const bare = await stranger.request({ method: 'GET', path: `${apiPath('whole')}/models` });
  expect(bare.statusCode).toBe(411);
  await bare.body.dump();
  await stranger.destroy();
});
