/** Rows say where an attempt was settled late: after its lease, or after a period that it was billed to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createGateway,
  definePlugin,
  silentLogger,
  type ClaimWindow,
  type Gateway,
  type Plugin,
  type SettleResult,
  type State,
  type Store,
  type UsageRow,
} from '@gatewright/core';
import dialectOpenai from '@gatewright/dialect-openai';
import providerSimulated from '@gatewright/provider-simulated';
import storeSqlite from '@gatewright/store-sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';

let folder: string;
let gateway: Gateway | undefined;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-late-'));
});
afterEach(async () => {
  await gateway?.close();
  rmSync(folder, { recursive: true });
});

/** A state that says of every bill what it is told to say, and a budget in a window. */
function stateSaying(result: SettleResult, window: ClaimWindow): Plugin {
  const state: State = {
    async reserve({ claims }) {
      const period = window.kind === 'periods' ? (window.periods[0]?.id ?? '') : '';
      return { ok: true, grants: claims.map(() => ({ period, balance: { spent: 0n, reserved: 1n } })) };
    },
    extend: async () => ({ ok: true, grants: [] }),
    settle: async () => result,
    orphans: async () => [],
    reclaim: async () => result,
    balances: async (counters) => counters.map(() => undefined),
  };
  return definePlugin({
    name: 'test-state',
    version: '1.0.0',
    engine: '^1',
    options: z.strictObject({}),
    uses: ['store'],
    provides: ['state'],
    setup({ hooks, provide, use }) {
      store = use('store');
      provide('state', state);
      const claim = { scope: 'team:core', unit: 'nanos', kind: 'budget', window, amount: 1n } as const;
      hooks.meter.reserve.tap(() => ({ claims: [claim] }));
    },
  }) as Plugin;
}

const TOTAL: ClaimWindow = { kind: 'total', name: 'total' };
const period = (end: number): ClaimWindow => ({ kind: 'periods', name: '1d', periods: [{ id: 'p', start: 0, end }] });

/** The row of an attempt, and what its counter was billed. */
async function rowWith(result: SettleResult, window: ClaimWindow): Promise<[UsageRow | undefined, bigint | undefined]> {
  const plugins = [
    { use: dialectOpenai as Plugin },
    { use: providerSimulated as Plugin, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
    { use: storeSqlite as Plugin, with: { path: join(folder, 'records.db') } },
    { use: stateSaying(result, window) },
    { use: plugin as Plugin, with: { journal: join(folder, 'journal') } },
  ];
  const models = { smart: { targets: ['simulated/smart'] } };
  gateway = await createGateway({ models, plugins }, { logger: silentLogger });
  await gateway.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ model: 'smart', messages: [{ role: 'user', content: 'hi' }] }),
  });
  const open = store;
  // What the journal has goes to the store before it is closed.
  for (let tries = 0; tries < 200 && (await open.usage({})).length === 0; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  for (let tries = 0; tries < 20 && (await open.usage({}))[0]?.late !== true; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const rows = await open.usage({});
  expect(rows).toHaveLength(1);
  return [rows[0], (await open.rollups(['team:core']))[0]?.spent];
}

test('an attempt whose lease had ended is late, and counts once', async () => {
  const [row, spent] = await rowWith({ late: true, duplicate: false }, TOTAL);
  expect(row).toMatchObject({ type: 'final', late: true });
  expect(spent).toBe(1n);
});

test('an attempt that ended after the period in which it was reserved is late', async () => {
  const [row, spent] = await rowWith({ late: false, duplicate: false }, period(1));
  expect([row?.late, spent]).toEqual([true, 1n]);
});

test('an attempt that ended in time is not, nor one that others had settled', async () => {
  expect((await rowWith({ late: false, duplicate: false }, period(8e15)))[0]?.late).toBeUndefined();
  await gateway?.close();
  rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'gatewright-late-'));
  expect((await rowWith({ late: true, duplicate: true }, TOTAL))[0]?.late).toBeUndefined();
});
