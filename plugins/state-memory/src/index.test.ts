/** The plugin keeps the contract, and its counters outlive a reload. */
import { readFileSync } from 'node:fs';
import {
  isPlugin,
  silentLogger,
  type Claim,
  type Clock,
  type SetupContext,
  type State,
  type Store,
} from '@gatewright/core';
import { SumsStore } from '@gatewright/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';

type Shared = Map<string, unknown>;

const clock: Clock = { now: () => 1_800_000_000_000, monotonic: () => 0, after: () => () => undefined };
const window = { kind: 'total', name: 'total' } as const;
const CLAIM: Claim = { scope: 'a', unit: 'nanos', window, kind: 'budget', amount: 6n, limit: 10n };

/** Sets the plugin up with a stand-in that knows what the plugin may use, and fails on anything else. */
async function setUp(
  given: z.input<typeof plugin.options> = {},
  shared: Shared = new Map(),
  store?: Store,
): Promise<State> {
  const provided = new Map<string, unknown>();
  const context = {
    log: silentLogger,
    clock,
    useIfPresent: (name: string) => (name === 'store' ? store : undefined),
    provide: (name: string, service: unknown) => provided.set(name, service),
    share(key: string, open: () => unknown) {
      if (!shared.has(key)) shared.set(key, open());
      return shared.get(key);
    },
    onServe: (task: () => unknown) => task(),
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse(given));
  expect([...provided.keys()]).toEqual(plugin.provides);
  return provided.get('state') as State;
}

test('is a plugin with the name and version of its package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.engine]).toEqual([manifest['name'], manifest['version'], '^1']);
  expect(plugin.supports).toMatchObject({ processes: 1 });
});

test('takes no unknown option, and describes every one that it takes', () => {
  const schema = z.toJSONSchema(plugin.options, { io: 'input' });
  expect(schema.additionalProperties).toBe(false);
  for (const option of Object.values(schema.properties ?? {})) {
    expect(typeof option === 'object' && (option.description ?? '').length > 10).toBe(true);
  }
});

test('goes on with the same counters after a reload, also with another lease', async () => {
  const shared: Shared = new Map();
  const before = await setUp({}, shared);
  await before.reserve({ id: 'h1', claims: [CLAIM], memo: () => '' });
  const after = await setUp({ lease: 20_000 }, shared);
  expect(await after.reserve({ id: 'h2', claims: [CLAIM], memo: () => '' })).toMatchObject({ ok: false });
  // An exchange of the configuration before settles through its own handle.
  await before.settle('h1', []);
  expect(await after.reserve({ id: 'h3', claims: [CLAIM], memo: () => '' })).toMatchObject({ ok: true });
});

test('begins with what the store has summed, and refuses budgets while it cannot be read', async () => {
  const store = new SumsStore();
  store.add('a', 'total', 'total', '', 5n);
  const state = await setUp({}, new Map(), store);
  store.broken = true;
  await expect(state.reserve({ id: 'h1', claims: [CLAIM], memo: () => '' })).rejects.toMatchObject({
    code: 'GW_STATE_UNAVAILABLE',
    status: 503,
  });
  const open: Claim = { ...CLAIM, outage: { allowance: 8n } };
  expect(await state.reserve({ id: 'h2', claims: [open], memo: () => '' })).toMatchObject({ ok: true, outage: true });
  await expect(state.reserve({ id: 'h3', claims: [open], memo: () => '' })).rejects.toMatchObject({ status: 503 });
  expect(await state.settle('h2', [])).toEqual({ late: false, duplicate: false });
  store.broken = false;
  expect(await state.reserve({ id: 'h4', claims: [CLAIM], memo: () => '' })).toMatchObject({
    ok: false,
    balance: { spent: 5n },
  });
});
