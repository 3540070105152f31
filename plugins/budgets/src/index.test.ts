/** The plugin keeps the contract, and a gateway with it holds its budgets. */
import { readFileSync } from 'node:fs';
import { isPlugin, type Balance } from '@gatewright/core';
import { afterEach, expect, test } from 'vitest';
import plugin from './index.ts';
import { startRig, type Rig } from './rig.test.kit.ts';

test('the package default-exports a plugin that says its own name and version', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<string, unknown>;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.uses]).toEqual([pkg['name'], pkg['version'], ['state', 'prices']]);
});

test.each([
  { budgets: [{ per: 'team' }] },
  { budgets: [{ per: 'team', limit: -1 }] },
  { budgets: [{ per: 'team', limit: '1.0000000001' }] },
  { budgets: [{ per: 'team', limit: 1, window: '1y' }] },
  { budgets: [{ per: 'team', limit: 1, timeZone: 'Berlin' }] },
  { budgets: [{ per: 'team', limit: 1, soft: 2 }] },
  { estimate: 'guess' },
  { unknown: 1 },
])('options %j are refused', (options) => expect(plugin.options.safeParse(options).success).toBe(false));

let rig: Rig;
let running: Rig | undefined;
afterEach(async () => {
  await running?.gateway.close();
  running = undefined;
});

async function start(options: Record<string, unknown>): Promise<Rig> {
  running = await startRig(options);
  return running;
}

const WHO = { key: 'a', team: 't' };
const balance = async (scope: string, name = 'total'): Promise<Balance | undefined> =>
  (await rig.state.balances([{ scope, unit: 'nanos', window: { kind: 'total', name } }]))[0];

test('what an answer cost is spent, nothing stays reserved, and the next that does not fit is refused with all numbers', async () => {
  rig = await start({ budgets: [{ name: 'all of it', per: 'team', limit: '0.0005', window: 'total' }] });
  expect((await rig.ask(WHO)).status).toBe(200);
  const cost = rig.outcomes[0]?.cost?.nanos ?? 0n;
  expect(cost > 0n).toBe(true);
  expect(await balance('team:t')).toMatchObject({ spent: cost, reserved: 0n });
  const refused = await rig.ask(WHO, { max_tokens: 250 });
  expect(refused.status).toBe(402);
  expect(refused.json).toMatchObject({
    error: {
      message: expect.stringMatching(
        /^The budget of "all of it" \(team:t\) .* spent \$0\.0001\d* of \$0\.0005 \(total\), \$0\.00 more is reserved, and this request may use \$0\.000\d+\./,
      ),
    },
  });
  expect((await rig.ask({ key: 'a', team: 'other' }, { max_tokens: 200 })).status).toBe(200);
  expect(rig.outcomes).toHaveLength(2);
});

test('a budget that is used up is free again with the next period of its calendar', async () => {
  rig = await start({ budgets: [{ per: 'key', limit: '0.0005', window: '1d', timeZone: 'Asia/Tokyo' }] });
  for (let n = 0; n < 4; n++) await rig.ask(WHO);
  expect((await rig.ask(WHO)).status).toBe(402);
  rig.clock.time = Date.UTC(2026, 10, 22, 14, 59, 59);
  expect((await rig.ask(WHO)).status).toBe(402);
  rig.clock.time = Date.UTC(2026, 10, 22, 15);
  expect((await rig.ask(WHO)).status).toBe(200);
});

test('many at once never spend more than there is, and what fits is not refused once they are done', async () => {
  rig = await start({ budgets: [{ per: 'global', limit: '0.005', window: 'total' }] });
  const replies = await Promise.all(Array.from({ length: 100 }, () => rig.ask(WHO)));
  const served = replies.filter(({ status }) => status === 200).length;
  expect(served).toBeGreaterThan(5);
  expect(replies.every(({ status }) => status === 200 || status === 402)).toBe(true);
  const { spent = 0n, reserved } = (await balance('global')) ?? {};
  expect([spent <= 5_000_000n, reserved]).toEqual([true, 0n]);
  expect(rig.outcomes.reduce((sum, { cost }) => sum + (cost?.nanos ?? 0n), 0n)).toBe(spent);
});

test('what is free passes a budget that is used up; what nobody knows the price of is refused, or let through where allowed', async () => {
  const budgets = [{ per: 'key', limit: 0, window: 'total' }];
  rig = await start({ budgets });
  expect((await rig.ask(WHO)).status).toBe(402);
  expect((await rig.ask(WHO, { model: 'free' })).status).toBe(200);
  const unpriced = await rig.ask(WHO, { model: 'unpriced' });
  expect(unpriced.status).toBe(400);
  expect(unpriced.json).toMatchObject({
    error: { code: 'GW_UNPRICED', message: expect.stringContaining('nobody/knows') },
  });
  await rig.gateway.close();
  rig = await start({ budgets, unpriced: 'allow' });
  expect((await rig.ask(WHO, { model: 'unpriced' })).status).toBe(200);
});

test('a request without a maximum gets the one that was reserved for it', async () => {
  rig = await start({ budgets: [{ per: 'key', limit: 1 }], maxOutput: 5 });
  const { json } = await rig.ask(WHO, { max_tokens: undefined });
  expect(json).toMatchObject({ choices: [{ finish_reason: 'length' }], usage: { completion_tokens: 5 } });
});

test('clamp lowers the maximum to what is left, and refuses when nothing is', async () => {
  rig = await start({ budgets: [{ per: 'key', limit: '0.0006', window: 'total', estimate: 'clamp' }] });
  expect((await rig.ask(WHO, { max_tokens: 200 })).status).toBe(200);
  const lengths: unknown[] = [];
  for (let n = 0; n < 20; n++) {
    const { status, json } = await rig.ask(WHO, { max_tokens: 250 });
    if (status === 402) break;
    lengths.push((json['usage'] as { completion_tokens: number }).completion_tokens);
  }
  expect(lengths.length).toBeGreaterThan(0);
  expect(lengths.at(-1)).toBeLessThan(50);
  expect((await rig.ask(WHO, { max_tokens: 250 })).status).toBe(402);
  expect(((await balance('key:a'))?.spent ?? 0n) <= 600_000n).toBe(true);
});

test('observe counts and refuses nothing; the soft limit is said once', async () => {
  rig = await start({
    budgets: [{ per: 'key', limit: '0.0003', soft: '0.0001', window: 'total', estimate: 'observe' }],
  });
  for (let n = 0; n < 5; n++) expect((await rig.ask(WHO)).status).toBe(200);
  expect(((await balance('key:a'))?.spent ?? 0n) > 300_000n).toBe(true);
  expect(rig.warnings.filter((one) => one.includes('soft limit'))).toEqual([
    expect.stringMatching(/budget of key:a has passed its soft limit: \$0\.000\d+ of \$0\.0003 are spent \(total\)/),
  ]);
});

test('a failed attempt costs nothing, and gives back what was held', async () => {
  rig = await start({ budgets: [{ per: 'key', limit: 1, window: 'total' }] });
  expect((await rig.ask(WHO, { model: 'broken' })).status).toBe(500);
  expect(await balance('key:a')).toMatchObject({ spent: 0n, reserved: 0n });
});

test('a stream that is cut is billed for its input and what it had produced, not for all that was held', async () => {
  rig = await start({ budgets: [{ per: 'key', limit: 10, window: 'total' }] });
  await rig.ask(WHO, { model: 'cut', stream: true, max_tokens: 100_000 });
  expect(rig.outcomes[0]).toMatchObject({ usageComplete: false, produced: expect.any(Number) });
  const { spent = 0n, reserved } = (await balance('key:a')) ?? {};
  // Half of 30 tokens at 2,000 nano-dollars and some 30 of input at 1,000; what was held is 200,000,000.
  expect(reserved).toBe(0n);
  expect(Number(spent)).toBeGreaterThan(30_000);
  expect(Number(spent)).toBeLessThan(300_000);
});

test('budgets that an identity brings hold beside those of the configuration; models choose', async () => {
  rig = await start({});
  const rules = { budgets: [{ scope: 'user:u', limit: 200_000, window: 'total', label: 'u', models: ['sma*'] }] };
  const identity = { key: 'a', rules };
  expect((await rig.ask(identity, { max_tokens: 50 })).status).toBe(200);
  expect((await rig.ask(identity, { max_tokens: 90 })).status).toBe(402);
  expect((await rig.ask(identity, { max_tokens: 90, model: 'cheap' })).status).toBe(200);
});
