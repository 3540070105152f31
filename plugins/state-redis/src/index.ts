/** The service `state` in Redis, for many replicas. */
import { createHash, randomUUID } from 'node:crypto';
import { definePlugin } from '@gatewright/core';
import { options } from './options.ts';
import { RedisState } from './redis-state.ts';

export type { StateRedisOptions } from './options.ts';

export default definePlugin({
  name: '@gatewright/state-redis',
  version: '0.1.0',
  engine: '^1',
  options,
  provides: ['state'],
  usesIfPresent: ['store'],
  supports: { processes: Infinity },
  setup(context, options) {
    const { clock, log } = context;
    const { storeTimeout, budgetsWithoutStore, ...rest } = options;
    const store = context.useIfPresent('store');
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
