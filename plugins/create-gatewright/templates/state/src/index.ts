/** Provides the service `state`. */
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
import { Counters } from './counters.ts';

const options = z.strictObject({
  lease: z
    .int()
    .min(1000)
    .default(60_000)
    .describe('How long a process that says nothing counts as alive, in milliseconds.'),
  seedTimeout: z
    .int()
    .min(1)
    .default(1000)
    .describe('How long the store may take to say what was spent before, in milliseconds.'),
});

export default definePlugin({
  name: '@my-scope/my-state',
  version: '0.1.0',
  engine: '^1',
  options,
  provides: ['state'],
  usesIfPresent: ['store'],
  // How many processes may use it at once: say more once the counters are on a server.
  supports: { processes: 1 },
  setup({ provide, share, clock, useIfPresent }, options) {
    const store = useIfPresent('store');
    // Counters belong to the gateway: a reload of the configuration goes on with them.
    const counters = share(
      'counters',
      () => new Counters(clock, { ...options, store }),
      (counters) => counters.close(),
    );
    provide('state', counters.owner());
  },
});
