/** What a ledger leaves in Redis, and what it does not. */
import type { Claim } from '@gatewright/core';
import { startRedis, type RedisServer } from '@gatewright/testkit/servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RedisState } from './redis-state.ts';
import { bill, budget, hold, openState } from './state.test.kit.ts';

const MINUTE = { kind: 'sliding', name: '1m', length: 60_000 } as const;
const LIMIT: Claim = budget('a', { kind: 'limit', window: MINUTE });

let server: RedisServer;
let state: RedisState;

beforeAll(async () => {
  server = await startRedis();
  state = await openState({ url: server.url, budgetsWithoutStore: 'zero' });
});
afterAll(async () => {
  await state.close();
  await server.stop();
});

/** The keys that have a text in them. */
async function keys(part: string): Promise<string[]> {
  const reply = await server.command('eval', "return redis.call('KEYS', '*')", '0');
  const names = reply.split(/\r\n\$\d+\r\n|\r\n$/).slice(1);
  return names.filter((name) => name.includes(part));
}

test('a counter of a window that passes has an end, and so has a settled hold', async () => {
  await state.reserve(hold('h1', LIMIT));
  await state.settle('h1', [bill(LIMIT, 3n)]);
  const [counter = ''] = await keys(':c:a');
  const [stone = ''] = await keys(':h:h1');
  for (const key of [counter, stone]) {
    expect(Number((await server.command('pttl', key)).slice(1))).toBeGreaterThan(60_000);
  }
  expect(await keys(':o:')).toEqual([]);
});

test('nor does one of a tenant whose name has letters of several bytes', async () => {
  const spread = await openState({
    url: server.url,
    budgetsWithoutStore: 'zero',
    ledger: 'by-tenant',
    prefix: 'spread',
  });
  const claim = budget('team:日本');
  await spread.reserve(hold('h日', claim));
  const holds = async (): Promise<string | undefined> =>
    (await keys('spread:{team:')).find((key) => key.includes(':o:'));
  expect(await server.command('smembers', (await holds()) ?? '')).toContain('\r\nh日\r\n');
  await spread.settle('h日', [bill(claim, 3n)]);
  expect(await holds()).toBeUndefined();
  expect(await spread.balances([claim])).toMatchObject([{ spent: 3n, reserved: 0n }]);
  await spread.close();
});

test('a bill for a counter that is gone leaves no key behind that would never go', async () => {
  const claim = { ...LIMIT, scope: 'gone' };
  await state.reserve(hold('h2', claim));
  const [counter = ''] = await keys(':c:gone');
  await server.command('del', counter);
  expect(await state.settle('h2', [bill(claim, 3n)])).toMatchObject({ duplicate: false });
  expect(await keys(':c:gone')).toEqual([]);
});

test('what is only held leaves nothing when it is given back', async () => {
  const claim = budget('now', { kind: 'limit', window: { kind: 'held', name: 'concurrent' } });
  await state.reserve(hold('h3', claim));
  expect(await keys(':c:now')).toHaveLength(1);
  await state.settle('h3', []);
  expect(await keys(':c:now')).toEqual([]);
});

test('a process that leaves is no owner any more', async () => {
  const other = await openState({ url: server.url, budgetsWithoutStore: 'zero' });
  const [owners = ''] = await keys(':owners');
  expect(await server.command('zcard', owners)).toBe(':2\r\n');
  await other.close();
  expect(await server.command('zcard', owners)).toBe(':1\r\n');
});

test('a hold that grew, though the answer was lost, is known as large as it is', async () => {
  const claim = budget('grows');
  await state.reserve(hold('h4', claim));
  const [key = ''] = await keys(':h:h4');
  const [counter = ''] = await keys(':c:grows');
  // What the lost command has done: 10 became 30.
  const change =
    "local t = redis.call('GET', KEYS[1]); redis.call('SET', KEYS[1], (string.gsub(t, '\\n%[10%]\\n', '\\n[30]\\n', 1)))";
  await server.command('eval', change, '1', key);
  await server.command('hincrby', counter, 'r:', '20');
  expect(await state.extend('h4', [45n])).toMatchObject({ ok: true, grants: [{ balance: { reserved: 45n } }] });
  await state.settle('h4', [bill(claim, 1n)]);
  expect(await state.balances([claim])).toMatchObject([{ spent: 1n, reserved: 0n }]);
});
