/** Provides the service `store`. */
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
import { MemoryStore } from './records.ts';

const options = z.strictObject({
  name: z
    .string()
    .min(1)
    .default('main')
    .describe('Which of several databases it is; instances of the same name share one.'),
});

export default definePlugin({
  name: '@my-scope/my-store',
  version: '0.1.0',
  engine: '^1',
  options,
  provides: ['store'],
  // How many processes may use it at once: say more once it is in a database.
  supports: { processes: 1 },
  setup({ provide, share }, { name }) {
    // The records belong to the gateway: a reload of the configuration finds them again. Close connections here.
    const store = share(
      `store ${name}`,
      () => new MemoryStore(),
      () => undefined,
    );
    provide('store', store);
  },
});
