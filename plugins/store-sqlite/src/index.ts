/** The plugin: durable records in one SQLite file. */
import { resolve } from 'node:path';
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
import { lookInto, openStore } from './store.ts';

const options = z.strictObject({
  path: z
    .string()
    .min(1)
    .default('gatewright.db')
    .describe('The database file, relative to the working directory; it is made where it is missing.'),
});

export default definePlugin({
  name: '@gatewright/store-sqlite',
  version: '0.1.0',
  engine: '^1',
  id: 'store-sqlite',
  options,
  provides: ['store'],
  workers: 'primary',
  supports: { replicas: false, hooks: [], reads: 'none', mutates: false, network: [], secrets: false },
  setup({ provide, share, clock, dry, onReady }, { path }) {
    const file = resolve(path);
    const store = share(
      dry ? `look at ${file}` : file,
      () => (dry ? lookInto(file, clock) : openStore(file, clock)),
      (open) => open.close(),
    );
    provide('store', store);
    // Its thread starts while the other plugins are set up: what they ask for until then waits in its queue.
    onReady(() => store.ready);
  },
});
