/** The metrics of a whole gateway, read as Prometheus reads them. */
import auth from '@gatewright/auth-static';
import { createGateway, silentLogger } from '@gatewright/core';
import dialect from '@gatewright/dialect-openai';
import prices from '@gatewright/prices';
import provider from '@gatewright/provider-simulated';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { samplesOf, valueOf, type Sample } from './exposition.test.kit.ts';
import plugin from './index.ts';

const KEY = 'sk-ada-0123456789abcdef';
const TOKEN = 'let-prometheus-in';

const CONFIG: Parameters<typeof createGateway>[0] = {
  plugins: [
    { use: dialect },
    { use: provider, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
    { use: auth, with: { keys: [{ id: 'ada', key: KEY, team: 'research' }] } },
    { use: prices, with: { overrides: [{ model: 'm', input: '1', output: '2' }] } },
    { use: plugin, with: { token: TOKEN } },
  ],
  models: { smart: { targets: ['simulated/m'] } },
};

let gateway: Awaited<ReturnType<typeof createGateway>>;
beforeAll(async () => {
  gateway = await createGateway(CONFIG, { logger: silentLogger });
});
afterAll(() => gateway.close());

function chat(key: string, model: string, stream = false): Promise<{ statusCode: number }> {
  return gateway.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    payload: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'hello' }] }),
  });
}

async function read(): Promise<Sample[]> {
  const reply = await gateway.inject({ method: 'GET', url: '/metrics', headers: { authorization: `Bearer ${TOKEN}` } });
  expect(reply.statusCode).toBe(200);
  expect(reply.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  return samplesOf(reply.body);
}

test('counts what went through, before and after a reload', async () => {
  await chat(KEY, 'smart');
  await chat(KEY, 'smart', true);
  await chat(KEY, 'no-such-model');
  await chat('sk-stranger', 'smart');
  await gateway.reload(CONFIG);
  await chat(KEY, 'smart');

  const samples = await read();
  const value = (name: string, labels: Record<string, string> = {}): number | undefined =>
    valueOf(samples, `gatewright_${name}`, labels);
  expect(value('requests_total', { operation: 'chat', surface: 'openai-chat', model: 'smart', status: '200' })).toBe(3);
  expect(value('requests_total', { model: 'unknown', status: '404', result: 'error' })).toBe(1);
  expect(value('errors_total', { code: 'GW_UNAUTHENTICATED' })).toBe(1);
  expect(value('attempts_total', { provider: 'simulated', model: 'm', result: 'success', status: '200' })).toBe(3);
  expect(value('request_duration_seconds_count', { model: 'smart', stream: 'true' })).toBe(1);
  expect(value('time_to_first_token_seconds_count', { model: 'smart' })).toBe(1);
  const tokens = (name: string): number => value('tokens_total', { class: name, team: 'research' }) ?? Number.NaN;
  expect(tokens('input')).toBeGreaterThan(0);
  expect(value('cost_usd_total', { team: 'research' })).toBeCloseTo((tokens('input') + 2 * tokens('output')) / 1e6, 12);
  expect(value('hook_calls_total', { plugin: 'auth-static', hook: 'auth' })).toBe(5);
  expect(value('hook_errors_total', { plugin: 'auth-static', hook: 'auth' })).toBe(0);
  expect(value('requests_in_flight')).toBe(0);
});

test('the way to them is closed to those without the token, those with a key of the gateway included', async () => {
  for (const headers of [{}, { authorization: `Bearer ${KEY}` }]) {
    const reply = await gateway.inject({ method: 'GET', url: '/metrics', headers });
    expect(reply.statusCode).toBe(401);
    expect(reply.body).not.toContain('gatewright_');
  }
});

test('a request is in flight until its reply has ended', async () => {
  const { port } = await gateway.listen({ port: 0 });
  const controller = new AbortController();
  const slow = fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}`, connection: 'close' },
    // A body that never ends.
    body: new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from('{"model":')) }),
    duplex: 'half',
    signal: controller.signal,
  }).catch(() => undefined);
  await expect.poll(async () => valueOf(await read(), 'gatewright_requests_in_flight')).toBe(1);
  controller.abort();
  await slow;
  await expect.poll(async () => valueOf(await read(), 'gatewright_requests_in_flight')).toBe(0);
});
