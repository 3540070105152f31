/** The gateway as a library: mounted in other servers, asked without a socket, reloaded under a live stream, closed while one runs. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createGateway, GatewayError, silentLogger, type GatewayConfig, type Plugin } from '@gatewright/core';
import dialectOpenai from '@gatewright/dialect-openai';
import providerOpenai from '@gatewright/provider-openai';
import { inlinePlugin, post, startGateway, waitFor, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';
import { OPENAI_FRAMES, OPENAI_HELLO, OPENAI_STREAM } from './wires.ts';

let upstream: Upstream;
let running: TestGateway | undefined;

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => upstream.stop());

const hello = (stream = false) => ({ model: 'gpt', stream, messages: [{ role: 'user', content: 'hi' }] });

function config(more: Partial<GatewayConfig> = {}): GatewayConfig {
  return {
    models: { gpt: { targets: ['openai/gpt-upstream'] } },
    ...more,
    plugins: [
      { use: dialectOpenai as Plugin },
      { use: providerOpenai as Plugin, with: { apiKey: 'k', baseUrl: `${upstream.url}/v1` } },
      ...(more.plugins ?? []),
    ],
  };
}

test('callback() serves in any node:http server', async () => {
  const gateway = await createGateway(config(), { logger: silentLogger });
  const server = createServer(gateway.callback());
  await new Promise<void>((resolve) => server.listen(0, resolve));
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  const response = await post(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/chat/completions`,
    hello(),
  );
  expect(await response.json()).toEqual(JSON.parse(OPENAI_HELLO));
  server.closeAllConnections();
  server.close();
  await gateway.close();
});

test('inject() needs no socket, for whole replies, streams and errors', async () => {
  const gateway = await createGateway(config(), { logger: silentLogger });
  const ask = (payload: object) => gateway.inject({ method: 'POST', url: '/v1/chat/completions', payload });
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  expect((await ask(hello())).json()).toEqual(JSON.parse(OPENAI_HELLO));
  upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES });
  expect((await ask(hello(true))).payload).toContain('data: [DONE]');
  expect((await ask({ ...hello(), model: 'nope' })).statusCode).toBe(404);
  expect((await gateway.inject({ method: 'GET', url: '/health' })).json()).toEqual({ status: 'ok' });
  await gateway.close();
});

describe('reload', () => {
  test('a stream under way ends on the configuration that it began on; new requests get the new one', async () => {
    running = await startGateway({ upstream: upstream.url });
    const { role, hello: text, there, stop, done } = OPENAI_STREAM;
    upstream.answer({ headers: EVENT_STREAM, chunks: [role, text, there, stop, done], gap: 60 });
    const response = await post(`${running.url}/v1/chat/completions`, hello(true));
    const reloaded = running.gateway.reload(config({ models: { other: { targets: ['openai/other'] } } }));
    const streamed = await response.text();
    expect(streamed.endsWith('data: [DONE]\n\n')).toBe(true);
    await reloaded;
    expect((await post(`${running.url}/v1/chat/completions`, hello())).status).toBe(404);
    upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
    expect((await post(`${running.url}/v1/chat/completions`, { ...hello(), model: 'other' })).status).toBe(200);
  });

  test('a bad configuration is refused, and the one before goes on', async () => {
    running = await startGateway({ upstream: upstream.url });
    const bad = config({ models: { gpt: { targets: ['nobody/x'] } } });
    await expect(running.gateway.reload(bad)).rejects.toMatchObject({ code: 'GW_CONFIG' });
    upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
    expect((await post(`${running.url}/v1/chat/completions`, hello())).status).toBe(200);
  });

  test('what a plugin shares outlives it; what it does not is disposed', async () => {
    const log: string[] = [];
    const keeper = inlinePlugin('keeper', ({ share, onDispose }) => {
      share(
        'pool',
        () => log.push('open'),
        () => void log.push('close'),
      );
      onDispose(() => void log.push('dispose'));
    });
    const gateway = await createGateway(config({ plugins: [{ use: keeper }] }), { logger: silentLogger });
    await gateway.reload(config({ plugins: [{ use: keeper }] }));
    expect(log).toEqual(['open', 'dispose']);
    await gateway.close();
    expect(log).toEqual(['open', 'dispose', 'dispose', 'close']);
  });
});

describe('close', () => {
  test('lets a stream end and refuses new requests meanwhile', async () => {
    running = await startGateway({ upstream: upstream.url });
    upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES, gap: 60 });
    const response = await post(`${running.url}/v1/chat/completions`, hello(true));
    const closed = running.gateway.close();
    await expect(post(`${running.url}/v1/chat/completions`, hello())).rejects.toThrow('fetch failed');
    const refused = await running.gateway.inject({ method: 'POST', url: '/v1/chat/completions', payload: hello() });
    expect(refused.statusCode).toBe(503);
    expect(refused.json()).toMatchObject({ error: { code: 'GW_SHUTTING_DOWN' } });
    expect(await response.text()).toContain('[DONE]');
    expect(await closed).toBe(0);
    expect(running.records[0]).toMatchObject({ result: 'success' });
  });

  test('breaks off what outlasts the deadline, with one error and a record', async () => {
    running = await startGateway({ upstream: upstream.url, config: { drainTimeout: '100ms' } });
    const { role, hello: text } = OPENAI_STREAM;
    upstream.answer({ headers: EVENT_STREAM, chunks: [role, text], end: 'hang' });
    const response = await post(`${running.url}/v1/chat/completions`, hello(true));
    expect(await running.gateway.close()).toBe(1);
    const streamed = await response.text();
    expect(streamed).toContain('GW_SHUTTING_DOWN');
    expect(streamed).not.toContain('[DONE]');
    expect(running.records[0]).toMatchObject({ result: 'error', attempts: [{ result: 'shutdown' }] });
  });
});

test('Koa middleware and routes of a plugin work beside the surfaces', async () => {
  const web = inlinePlugin('web', ({ http }) => {
    http.use(async (context, next) => {
      context.set('x-house', 'yes');
      await next();
    });
    http.route('GET', '/hello/:name', (context) => {
      context.body = `Hello ${String(context['params'].name)}`;
    });
  });
  running = await startGateway({ upstream: upstream.url, plugins: [web] });
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  const response = await post(`${running.url}/v1/chat/completions`, hello());
  expect(response.headers.get('x-house')).toBe('yes');
  expect(await (await fetch(`${running.url}/hello/you`)).text()).toBe('Hello you');
});

test('a route of a plugin that fails with the gateway’s own error says which; what else it throws tells nothing', async () => {
  const web = inlinePlugin('web', ({ http }) => {
    http.route('GET', '/away', async () => {
      await Promise.resolve();
      throw new GatewayError('GW_STORE_UNAVAILABLE', 'The store is away.', { retryAfter: 2000 });
    });
    http.route('GET', '/broken', () => {
      throw new Error('a secret of the house');
    });
  });
  running = await startGateway({ upstream: upstream.url, plugins: [web] });
  const away = await fetch(`${running.url}/away`);
  expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await away.json()).toMatchObject({ error: { code: 'GW_STORE_UNAVAILABLE', message: 'The store is away.' } });
  const broken = await fetch(`${running.url}/broken`);
  expect(broken.status).toBe(500);
  expect(await broken.text()).not.toContain('secret');
});

test('slots keep the state of each exchange apart', async () => {
  const seen: (number | undefined)[] = [];
  let count = 0;
  const counter = inlinePlugin('counter', ({ hooks, slot }) => {
    const numbers = slot<number>();
    hooks.route.tap((route, exchange) => {
      numbers.set(exchange, ++count);
      return route;
    });
    hooks.meter.settle.tap((_outcome, _attempt, exchange) => void seen.push(numbers.get(exchange)));
  });
  running = await startGateway({ upstream: upstream.url, plugins: [counter] });
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  const { url } = running;
  await Promise.all([1, 2, 3].map(() => post(`${url}/v1/chat/completions`, hello())));
  await waitFor(() => (seen.length === 3 ? true : undefined));
  expect([...seen].sort((a = 0, b = 0) => a - b)).toEqual([1, 2, 3]);
});
