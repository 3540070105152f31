/** Meters: claims of all taps are reserved together, every attempt is settled once, and a target without budget is skipped. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  atEndOfStep,
  definePlugin,
  type AttemptOutcome,
  type Claim,
  type Plugin,
  type Posting,
  type State,
} from '@gatewright/core';
import { z } from 'zod';
import { inlinePlugin, post, startGateway, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';
import { OPENAI_FRAMES, OPENAI_HELLO } from './wires.ts';

let upstream: Upstream;
let running: TestGateway | undefined;
let reserved: { id: string; scopes: string[] }[] = [];
let released: string[] = [];
let postings: Posting[] = [];
let settled: { id: string; outcome: AttemptOutcome }[] = [];

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  [reserved, released, postings, settled] = [[], [], [], []];
});
afterAll(() => upstream.stop());

/** A state that refuses the scopes it is told to, and notes everything. */
function stateRefusing(...scopes: string[]): Plugin {
  const state: State = {
    async reserve({ id, claims }) {
      const refused = claims.find((claim) => scopes.includes(claim.scope));
      if (refused !== undefined) return { ok: false, refused, retryAfter: 4200 };
      reserved.push({ id, scopes: claims.map((claim) => claim.scope) });
      const grant = { period: 'now', balance: { spent: 0n, reserved: 1n } };
      return { ok: true, grants: claims.map(() => grant) };
    },
    async settle(id, bill) {
      released.push(id);
      postings.push(...bill);
      return { late: false, duplicate: false };
    },
    extend: async () => ({ ok: true, grants: [] }),
    orphans: async () => [],
    reclaim: async () => ({ late: false, duplicate: false }),
    balances: async (counters) => counters.map(() => undefined),
  };
  return definePlugin({
    name: 'test-state',
    version: '1.0.0',
    engine: '^1',
    options: z.strictObject({}),
    provides: ['state'],
    setup: ({ provide }) => provide('state', state),
  }) as Plugin;
}

const claim = (scope: string, kind: Claim['kind']): Claim => ({
  scope,
  kind,
  unit: 'tokens',
  window: { kind: 'sliding', name: '1m', length: 60_000 },
  amount: 1n,
  limit: 10n,
  actual: ({ usage }) => BigInt((usage?.input ?? 0) + (usage?.output ?? 0)),
});

const meters = inlinePlugin('meters', ({ hooks }) => {
  hooks.meter.reserve.tap((attempt) => ({
    claims: [claim(`budget:${attempt.target.model}`, 'budget')],
    maxOutput: 50,
  }));
  hooks.meter.reserve.tap((attempt) => ({ claims: [claim(`rate:${attempt.target.model}`, 'limit')], maxOutput: 20 }));
  hooks.meter.settle.tap((outcome, attempt) => void settled.push({ id: attempt.id, outcome }));
});

const MODELS = { gpt: { targets: ['openai/first'], fallbacks: ['second'] }, second: { targets: ['openai/second'] } };

async function start(...refused: string[]): Promise<string> {
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  const plugins = [stateRefusing(...refused), meters];
  running = await startGateway({ upstream: upstream.url, plugins, config: { models: MODELS } });
  return `${running.url}/v1/chat/completions`;
}

const hello = { model: 'gpt', max_completion_tokens: 900, messages: [{ role: 'user', content: 'hi' }] };

test('one reservation holds the claims of all meters; it is settled and given back once', async () => {
  const url = await start();
  expect((await post(url, hello)).status).toBe(200);
  const id = settled[0]?.id ?? '';
  expect(reserved).toEqual([{ id, scopes: ['budget:first', 'rate:first'] }]);
  expect(settled).toMatchObject([
    { outcome: { result: 'success', usageComplete: true, usage: { input: 9, output: 2 } } },
  ]);
  expect(released).toEqual([id]);
  expect(postings).toMatchObject([
    { scope: 'budget:first', unit: 'tokens', period: 'now', held: 1n, actual: 11n },
    { scope: 'rate:first', unit: 'tokens', period: 'now', held: 1n, actual: 11n },
  ]);
  expect(settled[0]?.outcome.postings).toEqual(postings);
});

test('what a meter puts down at the end of the step is there before the state is told, and both before the client', async () => {
  const order: string[] = [];
  const journal = inlinePlugin('journal', ({ hooks }) => {
    hooks.meter.settle.tap((_outcome, attempt) => {
      attempt.onSettled(() => order.push('settled'));
      atEndOfStep(() => order.push(released.length === 0 ? 'row' : 'row, too late'));
    });
  });
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  const plugins = [stateRefusing(), meters, journal];
  running = await startGateway({ upstream: upstream.url, plugins, config: { models: MODELS } });
  expect((await post(`${running.url}/v1/chat/completions`, hello)).status).toBe(200);
  expect(order).toEqual(['row', 'settled']);
});

test('the lowest clamp of the meters lowers what the request asked for', async () => {
  const url = await start();
  await post(url, hello);
  expect(JSON.parse(upstream.received[0]?.body.toString() ?? '')).toMatchObject({ max_completion_tokens: 20 });
});

test('every attempt reserves and settles, the failed one too, under an id of its own', async () => {
  const url = await start();
  upstream.answer([
    { status: 500, headers: JSON_BODY, chunks: ['{}'] },
    { headers: EVENT_STREAM, chunks: OPENAI_FRAMES },
  ]);
  await (await post(url, { ...hello, stream: true })).text();
  expect(settled.map(({ outcome }) => outcome.result)).toEqual(['error', 'success']);
  expect(new Set(settled.map(({ id }) => id)).size).toBe(2);
  expect(released).toEqual(reserved.map(({ id }) => id));
});

test('a stream that breaks before its usage tells what it had produced, as far as its events say', async () => {
  const url = await start();
  upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES.slice(0, 3), gap: 5, end: 'reset' });
  await (await post(url, { ...hello, stream: true })).text().catch(() => '');
  const [only] = settled;
  expect(only?.outcome).toMatchObject({ result: 'error', status: 200, usageComplete: false });
  expect(only?.outcome.usage).toBeUndefined();
  expect(only?.outcome.produced).toBeGreaterThanOrEqual(3);
  expect(only?.outcome.produced).toBeLessThan(12);
});

test('a target without budget is skipped while another is left', async () => {
  const url = await start('budget:first');
  expect((await post(url, hello)).status).toBe(200);
  expect(JSON.parse(upstream.received[0]?.body.toString() ?? '')).toMatchObject({ model: 'second' });
  expect(settled).toHaveLength(1);
});

test.each([
  ['budget', 402, 'GW_BUDGET_EXCEEDED'],
  ['rate', 429, 'GW_RATE_LIMITED'],
])('when no target is left, %s refuses with %d and nothing is called', async (kind, status, code) => {
  const url = await start(`${kind}:first`, `${kind}:second`);
  const response = await post(url, hello);
  expect(response.status).toBe(status);
  expect(response.headers.get('retry-after')).toBe('5');
  expect(await response.json()).toMatchObject({ error: { code } });
  expect(upstream.received).toHaveLength(0);
  expect(settled).toEqual([]);
});

test('claims without a state are a loud error, not a free ride', async () => {
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  running = await startGateway({ upstream: upstream.url, plugins: [meters], config: { models: MODELS } });
  const response = await post(`${running.url}/v1/chat/completions`, hello);
  expect(response.status).toBe(500);
  expect((await running.record()).error).toMatchObject({ code: 'GW_PLUGIN_CONTRACT' });
  expect(upstream.received).toHaveLength(0);
});
