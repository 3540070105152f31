/** Dialects whose codec is loaded when it is first spoken: by clients, towards providers, and where it cannot be loaded. */
import type { Codec, Dialect } from '@gatewright/core';
import { afterEach, expect, test } from 'vitest';
import { inlinePlugin, post, startGateway, type TestGateway } from './gateways.ts';
import { JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

afterEach(async () => {
  await gateway.close();
  await upstream.stop();
});

const late = (load: () => Promise<void>): Dialect => ({
  id: 'late-chat',
  operation: 'chat',
  get codec(): Codec {
    throw new Error('The codec is not there.');
  },
  load,
  requestHeaders: [],
  replyHeaders: [],
});

async function open(load: () => Promise<void>): Promise<void> {
  upstream = await Upstream.start();
  const plugin = inlinePlugin('late', ({ dialect, surface }) => {
    dialect(late(load));
    surface({ id: 'late', dialect: 'late-chat', method: 'POST', path: '/late' });
  });
  gateway = await startGateway({ upstream: upstream.url, plugins: [plugin] });
}

test('a codec that cannot be loaded fails the request, each time, and nothing else', async () => {
  await open(() => Promise.reject(new Error('The file is gone.')));
  for (let i = 0; i < 2; i++) {
    const reply = await post(`${gateway.url}/late`, { model: 'gpt' });
    expect(reply.status).toBe(500);
    expect(await reply.json()).toMatchObject({
      error: { code: 'GW_INTERNAL', message: expect.not.stringMatching(/gone/) },
    });
  }
  upstream.answer({
    headers: JSON_BODY,
    chunks: ['{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}'],
  });
  const reply = await post(`${gateway.url}/v1/chat/completions`, {
    model: 'gpt',
    messages: [{ role: 'user', content: 'Hi' }],
  });
  expect(reply.status).toBe(200);
  expect(gateway.records.map(({ status }) => status)).toEqual([500, 500, 200]);
});

test('requests that come at once all wait for it', async () => {
  upstream = await Upstream.start();
  gateway = await startGateway({ upstream: upstream.url });
  upstream.answer({
    headers: JSON_BODY,
    chunks: ['{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1]}],"model":"m"}'],
  });
  const ask = (): Promise<Response> => post(`${gateway.url}/v1/embeddings`, { model: 'gpt', input: 'Hi' });
  const replies = await Promise.all([ask(), ask(), ask()]);
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
});
