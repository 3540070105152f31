/** Responses that their provider keeps outlive the gateway, and those made in the background are billed once they are fetched. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import authStatic from '@gatewright/auth-static';
import budgets from '@gatewright/budgets';
import { definePlugin, type Balance, type Plugin, type State, type Store, type UsageRow } from '@gatewright/core';
import prices from '@gatewright/prices';
import stateMemory from '@gatewright/state-memory';
import storeSqlite from '@gatewright/store-sqlite';
import usage from '@gatewright/usage';
import OpenAI from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startGateway, type TestGateway } from './gateways.ts';
import { Keeper } from './responses-keeper.ts';

const KEYS = [
  { key: 'key-of-core-0123456789', id: 'core-1', team: 'core' },
  { key: 'key-of-sales-0123456789', id: 'sales-1', team: 'sales' },
];

let folder: string;
let keeper: Keeper;
let gateway: TestGateway;
let store: Store;
let state: State;

/** Shows the services to the test. */
const view = definePlugin({
  name: 'test-view',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  uses: ['store', 'state'],
  setup(context) {
    store = context.use('store');
    state = context.use('state');
  },
}) as Plugin;

async function start(): Promise<void> {
  const price = { model: 'first-upstream', input: '1', output: '2' };
  const plugins = [
    { use: authStatic as Plugin, with: { keys: KEYS } },
    { use: prices as Plugin, with: { overrides: [price], unpriced: 'ignore' } },
    { use: storeSqlite as Plugin, with: { path: join(folder, 'records.db') } },
    { use: stateMemory as Plugin },
    { use: budgets as Plugin, with: { budgets: [{ per: 'team', limit: 1, window: 'total' }] } },
    { use: usage as Plugin, with: { journal: join(folder, 'journal') } },
    { use: view },
  ];
  const models = { first: { targets: [{ provider: 'openai', model: 'first-upstream' }] } };
  gateway = await startGateway({ upstream: keeper.upstream.url, config: { models, plugins } });
}

/** The same store, in a process that remembers nothing. */
async function restart(): Promise<void> {
  await gateway.close();
  await start();
}

const clientOf = (index: number): OpenAI =>
  new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: KEYS[index]?.key ?? '', maxRetries: 0 });

async function statusOf(run: PromiseLike<unknown>): Promise<unknown> {
  try {
    await run;
    return 200;
  } catch (error) {
    return (error as { status?: number }).status;
  }
}

/** Rows once there are so many. */
async function rowsOnce(count: number): Promise<readonly UsageRow[]> {
  return expect
    .poll(() => store.usage({}), { timeout: 10_000 })
    .toHaveLength(count)
    .then(() => store.usage({}));
}

async function spent(): Promise<Balance | undefined> {
  const window = { kind: 'total', name: 'total' } as const;
  const [balance] = await state.balances([{ scope: 'team:core', unit: 'nanos', window }]);
  return balance;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-kept-'));
  keeper = await Keeper.start('one');
  await start();
});
afterEach(async () => {
  await gateway.close();
  await keeper.upstream.stop();
  rmSync(folder, { recursive: true });
});

test('a gateway that starts again knows who made what, and tells nobody else', async () => {
  const { id } = await clientOf(0).responses.create({ model: 'first', input: 'Hello' });
  const { id: unkept } = await clientOf(0).responses.create({ model: 'first', input: 'Hello', store: false });
  await restart();
  expect((await clientOf(0).responses.retrieve(id)).id).toBe(id);
  const next = await clientOf(0).responses.create({ model: 'first', input: 'Go on', previous_response_id: id });
  expect(next.status).toBe('completed');
  expect(await statusOf(clientOf(1).responses.retrieve(id))).toBe(404);
  expect(await statusOf(clientOf(1).responses.create({ model: 'first', input: 'x', previous_response_id: id }))).toBe(
    404,
  );
  const asked = keeper.upstream.received.length;
  expect(await statusOf(clientOf(0).responses.retrieve(unkept))).toBe(404);
  expect(await statusOf(clientOf(0).responses.retrieve('resp_never'))).toBe(404);
  await clientOf(0).responses.delete(id);
  expect(await statusOf(clientOf(0).responses.retrieve(id))).toBe(404);
  // Only what was deleted was asked for.
  expect(keeper.upstream.received).toHaveLength(asked + 1);
});

test('an answer made in the background is billed what it used, once, however often it is fetched', async () => {
  const { id } = await clientOf(0).responses.create({
    model: 'first',
    input: 'Hello',
    background: true,
    max_output_tokens: 1000,
  });
  const [made] = await rowsOnce(1);
  expect(made).toMatchObject({ kept: true, upstreamId: id, usageComplete: false });
  // What it may cost at most is spent until it is known.
  expect((await spent())?.spent).toBeGreaterThan(2_000_000n);
  expect((await clientOf(0).responses.retrieve(id)).status).toBe('queued');
  keeper.complete(id);
  // Three tokens at a millionth of a dollar, and four at two.
  const cost = 11_000n;
  await clientOf(0).responses.retrieve(id);
  const [bill] = await rowsOnce(2);
  expect(bill).toMatchObject({ type: 'adjustment', team: 'core', nanos: cost, usage: { input: 3, output: 4 } });
  await expect.poll(async () => (await spent())?.spent).toBe(cost);
  await clientOf(0).responses.retrieve(id);
  await restart();
  for (let again = 0; again < 3; again++) await clientOf(0).responses.retrieve(id);
  for await (const _event of await clientOf(0).responses.retrieve(id, { stream: true })) continue;
  await clientOf(0).responses.create({ model: 'first', input: 'Hello' });
  expect((await rowsOnce(3)).map(({ type }) => type)).toEqual(['final', 'adjustment', 'final']);
  await expect.poll(async () => (await spent())?.spent).toBe(2n * cost);
  expect((await store.rollups(['team:core'])).map((sum) => sum.spent)).toEqual([2n * cost]);
});
