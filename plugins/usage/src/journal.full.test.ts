/** A full disk: what could not be written is held, so that the death of the process makes nothing free that was used. */
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, definePlugin, silentLogger, type Gateway, type Plugin, type State } from '@gatewright/core';
import dialectOpenai from '@gatewright/dialect-openai';
import providerSimulated from '@gatewright/provider-simulated';
import stateMemory from '@gatewright/state-memory';
import storeSqlite from '@gatewright/store-sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import usage from './index.ts';

const WINDOW = { kind: 'total', name: 'total' } as const;
const COUNTER = { scope: 'team:core', unit: 'requests', window: WINDOW } as const;

let folder: string;
let gateway: Gateway;
let state: State;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-full-'));
});
afterEach(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true });
});

const helper = definePlugin({
  name: 'test-helper',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  uses: ['state'],
  setup({ hooks, use }) {
    state = use('state');
    hooks.auth.tap(() => ({ key: 'key-1' }));
    hooks.meter.reserve.tap(() => ({ claims: [{ ...COUNTER, kind: 'limit', amount: 1n }] }));
  },
}) as Plugin;

async function start(durable: boolean): Promise<void> {
  const plugins = [
    { use: dialectOpenai as Plugin },
    { use: providerSimulated as Plugin, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
    { use: storeSqlite as Plugin, with: { path: join(folder, 'records.db') } },
    { use: stateMemory as Plugin },
    { use: usage as Plugin, with: { journal: join(folder, 'journal'), durable } },
    { use: helper },
  ];
  const models = { smart: { targets: ['simulated/smart'] } };
  gateway = await createGateway({ retries: 0, models, plugins }, { logger: silentLogger });
}

/** So many files of the journal that cannot be written: one is tried every second. */
function fill(): string[] {
  const [own = ''] = readdirSync(join(folder, 'journal'));
  const names = Array.from({ length: 99 }, (_, n) => `${String(n + 1).padStart(6, '0')}.rows`);
  const paths = names.map((name) => join(folder, 'journal', own, name));
  for (const path of paths) symlinkSync('/dev/full', path);
  return paths;
}

async function counted(): Promise<readonly unknown[]> {
  const [balance] = await state.balances([COUNTER]);
  return [balance?.spent, balance?.reserved];
}

test.each([false, true])('a hold is settled when its row is in a file (durable: %s)', async (durable) => {
  await start(durable);
  const full = fill();
  const payload = JSON.stringify({ model: 'smart', messages: [{ role: 'user', content: 'hi' }] });
  const headers = { 'content-type': 'application/json' };
  const ask = () => gateway.inject({ method: 'POST', url: '/v1/chat/completions', headers, payload });
  const answered = await ask();
  expect([answered.statusCode, (await ask()).statusCode]).toEqual([200, 503]);
  expect(await counted()).toEqual([0n, 1n]);
  for (const path of full) rmSync(path, { force: true });
  while ((await counted())[1] === 1n) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await counted()).toEqual([1n, 0n]);
});
