/** Refunds reach every counter that was billed: of single models and of combinations too, in the store's sums and in the state. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import adminApi from '@gatewright/admin-api';
import authKeys from '@gatewright/auth-keys';
import budgets from '@gatewright/budgets';
import {
  createGateway,
  definePlugin,
  silentLogger,
  type Gateway,
  type Plugin,
  type State,
  type Store,
} from '@gatewright/core';
import dialectOpenai from '@gatewright/dialect-openai';
import prices from '@gatewright/prices';
import providerSimulated from '@gatewright/provider-simulated';
import stateMemory from '@gatewright/state-memory';
import stateRedis from '@gatewright/state-redis';
import storePostgres from '@gatewright/store-postgres';
import storeSqlite from '@gatewright/store-sqlite';
import { startPostgres, startRedis, type PostgresServer, type RedisServer } from '@gatewright/testkit/servers';
import usage from '@gatewright/usage';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { waitFor } from './gateways.ts';

const ADMIN = 'sk-admin-planted-0123456789';
/** One for each form of budget that an attempt can be under. */
const BUDGETS = [
  { per: 'global', limit: 100, window: 'total' },
  { per: 'model', limit: 100, window: '1d' },
  { per: ['team', 'model'], limit: 100, window: 'total' },
  { per: ['team', 'model', 'provider'], limit: 100, window: '1mo' },
  { per: 'key', limit: 100, window: 'total', models: ['sm*'] },
];
const SCOPES = [
  'global',
  'model:smart',
  'team:red model:smart',
  'team:red model:smart provider:simulated',
  'key:k models:sm*',
  'team:red models:smart',
];

let redis: RedisServer;
let postgres: PostgresServer;
let starts = 0;
let folder: string;
let gateway: Gateway | undefined;
let services: { store: Store; state: State } | undefined;

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres({ fsync: 'off' })]);
}, 180_000);
afterAll(async () => {
  await Promise.all([redis.stop(), postgres.stop()]);
});
afterEach(async () => {
  await gateway?.close();
  rmSync(folder, { recursive: true });
});

/** Stands in for a key's owner. */
const auth = definePlugin({
  name: 'test-auth',
  version: '1.0.0',
  engine: '^1',
  id: 'test-auth',
  options: z.strictObject({}),
  uses: ['store', 'state'],
  setup({ hooks, use }) {
    services = { store: use('store'), state: use('state') };
    const rule = { scope: 'team:red models:smart', limit: 10n ** 12n, window: 'total', models: ['smart'] };
    hooks.auth.tap(({ credential }) =>
      credential === 'sk-caller' ? { key: 'k', team: 'red', rules: { budgets: [rule] } } : undefined,
    );
  },
}) as Plugin;

async function start(stack: 'memory' | 'servers'): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-refund-'));
  const own =
    stack === 'memory'
      ? [{ use: storeSqlite as Plugin, with: { path: join(folder, 'db') } }, { use: stateMemory as Plugin }]
      : [
          { use: storePostgres as Plugin, with: { url: postgres.url, schema: `s${++starts}` } },
          { use: stateRedis as Plugin, with: { url: redis.url, prefix: `p${starts}`, lease: 600 } },
        ];
  gateway = await createGateway(
    {
      models: { smart: { targets: ['simulated/smart'] } },
      plugins: [
        { use: dialectOpenai as Plugin },
        { use: providerSimulated as Plugin, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
        { use: prices as Plugin, with: { overrides: [{ model: 'smart', input: '1', output: '2' }] } },
        ...own,
        { use: auth },
        { use: authKeys as Plugin, with: { adminKey: ADMIN } },
        { use: budgets as Plugin, with: { budgets: BUDGETS } },
        { use: usage as Plugin, with: { journal: join(folder, 'journal') } },
        { use: adminApi as Plugin },
      ],
    },
    { logger: silentLogger },
  );
}

async function send(
  path: string,
  body: object,
  key = ADMIN,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const payload = JSON.stringify(body);
  const reply = await gateway?.inject({ method: 'POST', url: path, headers, payload });
  return { status: reply?.statusCode ?? 0, body: JSON.parse(reply?.payload ?? '{}') as Record<string, unknown> };
}

/** What each scope has spent: in the store's sums, and in the state. */
async function spent(): Promise<{ sums: Record<string, bigint>; state: Record<string, bigint | undefined> }> {
  const { store, state } = services as { store: Store; state: State };
  const rollups = await store.rollups(SCOPES);
  const sums = Object.fromEntries(rollups.map((one) => [one.scope, one.spent]));
  const counters = rollups.map(({ scope, unit, window, name, period }) => {
    const periods = [{ id: period, start: 0, end: 8e15 }];
    const of = window === 'periods' ? ({ kind: window, name, periods } as const) : ({ kind: 'total', name } as const);
    return { scope, unit, window: of };
  });
  const balances = await state.balances(counters);
  return { sums, state: Object.fromEntries(counters.map(({ scope }, n) => [scope, balances[n]?.spent])) };
}

const all = (amount: bigint): Record<string, bigint> => Object.fromEntries(SCOPES.map((scope) => [scope, amount]));

describe.each(['memory', 'servers'] as const)('on %s', (stack) => {
  test('an attempt is refunded wherever it was billed, once', async () => {
    await start(stack);
    const chat = { model: 'smart', max_tokens: 50, messages: [{ role: 'user', content: 'hi' }] };
    expect((await send('/v1/chat/completions', chat, 'sk-caller')).status).toBe(200);
    const row = await waitForRow();
    const { nanos = 0n } = row;
    expect(nanos).toBeGreaterThan(0n);
    expect(await spent()).toEqual({ sums: all(nanos), state: all(nanos) });
    const amount = -Number(nanos) / 1e9;
    const headers = { amount, reason: 'no good', request_id: row.id };
    const booked = await send('/spend/adjust', headers);
    expect(booked).toMatchObject({ status: 200, body: { amount, duplicate: false } });
    expect((booked.body['scopes'] as string[]).toSorted()).toEqual(SCOPES.toSorted());
    expect(await spent()).toEqual({ sums: all(0n), state: all(0n) });
    const [refund] = (await services?.store.usage({ where: { model: 'smart', team: 'red' }, limit: 1 })) ?? [];
    expect(refund).toMatchObject({ type: 'adjustment', key: 'k', provider: 'simulated', nanos: -nanos });
  });

  test('a correction that names a model reaches it and its pairs; other scopes are named', async () => {
    await start(stack);
    const chat = { model: 'smart', max_tokens: 50, messages: [{ role: 'user', content: 'hi' }] };
    await send('/v1/chat/completions', chat, 'sk-caller');
    await waitForRow();
    const before = (await spent()).sums;
    const booked = await send('/spend/adjust', {
      amount: 1,
      reason: 'import',
      team_id: 'red',
      model: 'smart',
      scopes: ['team:red model:smart provider:simulated'],
    });
    expect(booked.body['scopes']).toEqual(expect.arrayContaining(SCOPES.slice(0, 4)));
    const after = await spent();
    for (const scope of SCOPES.slice(0, 4)) {
      expect(after.sums[scope]).toBe((before[scope] ?? 0n) + 1_000_000_000n);
      expect(after.state[scope]).toBe(after.sums[scope]);
    }
    expect(after.sums['key:k models:sm*']).toBe(before['key:k models:sm*']);
    const unknown = await send('/spend/adjust', { amount: 1, reason: 'x', scopes: ['team:nobody model:smart'] });
    expect(unknown).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('team:nobody') } },
    });
    const missing = await send('/spend/adjust', { amount: 1, reason: 'x', request_id: 'none' });
    expect(missing.status).toBe(404);
  });
});

function waitForRow() {
  return waitForAsync(async () => {
    const rows = (await services?.store.usage({ where: { team: 'red' }, limit: 10 })) ?? [];
    return rows.find(({ type }) => type === 'final');
  });
}

/** As `waitFor`, of what is asked for. */
async function waitForAsync<T>(ask: () => Promise<T | undefined>): Promise<T> {
  let found: T | undefined;
  let asking = false;
  return waitFor(() => {
    if (found === undefined && !asking) {
      asking = true;
      void ask().then((answer) => {
        found = answer;
        asking = false;
      });
    }
    return found;
  });
}
