/** The plugin keeps the contract, and a gateway with it holds its limits. */
import { readFileSync } from 'node:fs';
import {
  createGateway,
  definePlugin,
  isPlugin,
  silentLogger,
  type Clock,
  type Gateway,
  type Identity,
  type Plugin,
} from '@gatewright/core';
import dialectOpenai from '@gatewright/dialect-openai';
import providerSimulated from '@gatewright/provider-simulated';
import stateMemory from '@gatewright/state-memory';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';

test('the package default-exports a plugin that says its own name and version', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<string, unknown>;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.uses]).toEqual([pkg['name'], pkg['version'], ['state']]);
});

test.each([
  { rules: [{ per: 'key' }] },
  { rules: [{ per: 'nobody', requests: 1 }] },
  { rules: [{ per: [], requests: 1 }] },
  { rules: [{ per: 'key', requests: 0 }] },
  { rules: [{ per: 'key', requests: 1, window: '1 minute' }] },
  { unknown: true },
])('options %j are refused', (options) => expect(plugin.options.safeParse(options).success).toBe(false));

/** A clock that stands still until it is moved. */
class Hands implements Clock {
  time = Date.UTC(2026, 10, 22, 12);
  readonly #tasks = new Set<() => void>();
  now = (): number => this.time;
  monotonic = (): number => this.time;
  after(delay: number, task: () => void): () => void {
    // The simulated model's own pauses; what guards against slowness is far away.
    if (delay <= 1000) this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }
  /** Lets everything that waits for a moment go on. */
  tick(): void {
    const tasks = [...this.#tasks];
    this.#tasks.clear();
    for (const task of tasks) task();
  }
}

let running: Gateway | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

const limits = (name: string, value: unknown): unknown => (name === 'limit' ? BigInt(value as number) : value);

/** Takes the credential's JSON for the identity. */
const auth = definePlugin({
  name: 'test-auth',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  setup: ({ hooks }) =>
    hooks.auth.tap(({ credential }) =>
      credential === undefined ? undefined : (JSON.parse(credential, limits) as Identity),
    ),
}) as Plugin;

async function start(
  options: Record<string, unknown>,
  clock: Clock = new Hands(),
  firstTokenDelay = 0,
): Promise<Gateway> {
  const plugins = [
    { use: dialectOpenai as Plugin },
    { use: providerSimulated as Plugin, with: { tokensPerSecond: 0, firstTokenDelay } },
    { use: stateMemory as Plugin },
    { use: auth },
    { use: plugin as Plugin, with: options },
  ];
  const models = {
    smart: { targets: ['simulated/smart'] },
    shaky: { targets: ['simulated/error-500'], fallbacks: ['smart'] },
  };
  running = await createGateway({ retries: 0, models, plugins }, { logger: silentLogger, clock });
  return running;
}

async function ask(
  gateway: Gateway,
  identity: object,
  over: object = {},
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  const body = { model: 'smart', messages: [{ role: 'user', content: 'hi' }], ...over };
  const { statusCode, headers, payload } = await gateway.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: { authorization: `Bearer ${JSON.stringify(identity)}`, 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  });
  return { status: statusCode, headers, text: payload };
}

test('requests beyond the limit are refused until the window has passed, and the headers say so', async () => {
  const clock = new Hands();
  const gateway = await start({ rules: [{ per: 'key', requests: 2, window: '1m' }] }, clock);
  const first = await ask(gateway, { key: 'a' });
  expect(first.headers).toMatchObject({ 'x-ratelimit-limit-requests': '2', 'x-ratelimit-remaining-requests': '1' });
  expect((await ask(gateway, { key: 'a' })).status).toBe(200);
  const refused = await ask(gateway, { key: 'a' });
  expect(refused.status).toBe(429);
  expect(refused.headers).toMatchObject({ 'x-ratelimit-remaining-requests': '0', 'retry-after': expect.any(String) });
  expect(JSON.parse(refused.text)).toMatchObject({
    error: { message: expect.stringMatching(/limit of key:a is reached.*2 of 2|spent 2 of 2 requests/) },
  });
  expect((await ask(gateway, { key: 'b' })).status).toBe(200);
  clock.time += Number(refused.headers['retry-after']) * 1000;
  expect((await ask(gateway, { key: 'a' })).status).toBe(200);
});

test('tokens are reserved by estimate and settled as they were used', async () => {
  const gateway = await start({ rules: [{ per: 'team', tokens: 1500 }] });
  const first = await ask(gateway, { key: 'a', team: 't' }, { max_tokens: 1000 });
  expect(first.status).toBe(200);
  const { usage } = JSON.parse(first.text) as { usage: { total_tokens: number } };
  const second = await ask(gateway, { key: 'b', team: 't' }, { max_tokens: 1000 });
  expect(second.status).toBe(200);
  const left = Number(second.headers['x-ratelimit-remaining-tokens']);
  expect(left).toBeLessThan(1500 - 1000 - usage.total_tokens);
  expect(left).toBeGreaterThan(1500 - 1000 - usage.total_tokens - 100);
  expect((await ask(gateway, { key: 'b', team: 't' }, { max_tokens: 1600 })).status).toBe(429);
});

test('with estimate: quantile, tokens are reserved as answers usually have them', async () => {
  const clock = new Hands();
  const gateway = await start({ estimate: 'quantile', rules: [{ per: 'key', tokens: 1500, window: '1m' }] }, clock);
  const long = { max_tokens: 1600 };
  expect((await ask(gateway, { key: 'a' }, long)).status).toBe(429);
  for (let n = 0; n < 20; n++) {
    expect((await ask(gateway, { key: 'b' }, { max_tokens: 1000 })).status).toBe(200);
    clock.time += 120_000;
  }
  expect((await ask(gateway, { key: 'a' }, long)).status).toBe(200);
  expect((await ask(gateway, { key: 'a' }, long)).status).toBe(200);
});

test('a request that fails over counts once for its key, and every attempt for its provider', async () => {
  const gateway = await start({
    rules: [
      { per: 'key', requests: 3 },
      { per: 'provider', requests: 100, window: '1h' },
    ],
  });
  const reply = await ask(gateway, { key: 'a' }, { model: 'shaky' });
  expect(reply.status, reply.text).toBe(200);
  expect(reply.headers['x-ratelimit-remaining-requests']).toBe('2');
});

test('limits that an identity brings are held beside those of the configuration', async () => {
  const gateway = await start({ headers: false });
  const limits = [{ scope: 'key:a', unit: 'requests', limit: 1, window: 60_000, label: 'mine' }];
  const identity = { key: 'a', rules: { limits } };
  expect((await ask(gateway, identity)).headers).not.toHaveProperty('x-ratelimit-limit-requests');
  const refused = await ask(gateway, identity);
  expect(refused.status).toBe(429);
  expect(refused.text).toContain('limit of mine');
});

test('a rule for some models or some keys leaves the others alone', async () => {
  const gateway = await start({
    rules: [
      { per: 'key', requests: 1, models: ['other-*'] },
      { per: 'team', requests: 1, only: ['t'] },
    ],
  });
  for (let n = 0; n < 3; n++) expect((await ask(gateway, { key: 'a', team: 'u' })).status).toBe(200);
  expect((await ask(gateway, { key: 'a', team: 't' })).status).toBe(200);
  expect((await ask(gateway, { key: 'a', team: 't' })).status).toBe(429);
});

test('of many at once, no more than allowed are under way', async () => {
  const clock = new Hands();
  const gateway = await start({ rules: [{ per: 'global', concurrent: 3 }] }, clock, 500);
  const done: number[] = [];
  const asked = Array.from({ length: 20 }, async () => done.push((await ask(gateway, { key: 'a' })).status));
  while (done.length < 17) await new Promise(setImmediate);
  expect(new Set(done)).toEqual(new Set([429]));
  clock.tick();
  await Promise.all(asked);
  expect(done.slice(17)).toEqual([200, 200, 200]);
  const next = ask(gateway, { key: 'a' });
  const ticking = setInterval(() => clock.tick(), 5);
  expect((await next).status).toBe(200);
  clearInterval(ticking);
});
