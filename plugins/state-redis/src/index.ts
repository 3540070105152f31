/** The service `state` in Redis, for many replicas. */
import { createHash, randomUUID } from 'node:crypto';
import { definePlugin, type Clock, type State, type Store } from '@gatewright/core';
import { Ledger, MemoryState } from '@gatewright/state-memory';
import { options, type StateRedisOptions } from './options.ts';
import { RedisState } from './redis-state.ts';

export type { StateRedisOptions } from './options.ts';

export default definePlugin({
  name: '@gatewright/state-redis',
  version: '0.1.0',
  engine: '^1',
  options,
  provides: ['state'],
  usesIfPresent: ['store'],
  workers: 'each',
  supports: { processes: Infinity, hooks: [], reads: 'none', mutates: false, network: [], secrets: true },
  setup(context, options) {
    const { clock, log, dry } = context;
    const { storeTimeout, budgetsWithoutStore, ...rest } = options;
    const store = context.useIfPresent('store');
    if (dry) {
      context.provide('state', lookedAt(options, clock, store));
      return;
    }
    const seeds = { store, withoutStore: budgetsWithoutStore, timeout: storeTimeout };
    // The connection and the holds belong to the gateway: exchanges of the configuration before this one settle in them.
    const state = context.share(
      createHash('sha256').update(JSON.stringify(rest)).digest('hex'),
      () => new RedisState({ options, clock, log, owner: randomUUID(), seeds }),
      (state) => state.close(),
    );
    // Not before this configuration has taken over: one that is refused later must change nothing.
    context.onServe(() => state.seeds.configure(seeds));
    context.provide('state', state);
    context.onReady(() => state.start());
    context.onDrain(() => state.drain());
  },
});

/** A gateway that is only looked at joins nobody: its budgets stand as the store has summed them, its limits are free. */
function lookedAt({ lease, storeTimeout }: StateRedisOptions, clock: Clock, store: Store | undefined): State {
  const ledger = new Ledger(clock, { lease, seedTimeout: storeTimeout, store });
  return new MemoryState(ledger, randomUUID(), false);
}
