/** The plugin: durable records in PostgreSQL. */
import { definePlugin, secret } from '@gatewright/core';
import { z } from 'zod';
import { lookInto, openStore } from './store.ts';

const options = z.strictObject({
  url: secret().describe(
    'The address with user, password and database: `postgres://user:password@host:5432/gatewright`.',
  ),
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/, 'must be a plain lower-case SQL name')
    .default('gatewright')
    .describe('The schema that the tables are in; it is made where it is missing.'),
  poolSize: z.int().min(1).max(1000).default(10).describe('The most connections that one gateway opens for requests.'),
  timeout: z
    .int()
    .min(100)
    .max(600_000)
    .default(5000)
    .describe('How long a call may take in milliseconds, waiting for a connection included.'),
});

export default definePlugin({
  name: '@gatewright/store-postgres',
  version: '0.1.0',
  engine: '^1',
  id: 'store-postgres',
  options,
  provides: ['store'],
  workers: 'each',
  supports: { replicas: true, hooks: [], reads: 'none', mutates: false, network: [], secrets: true },
  async setup({ provide, share, clock, log, dry }, given) {
    const store = await share(
      `${dry ? 'look at ' : ''}${JSON.stringify(given)}`,
      async () => (dry ? lookInto(given, clock, log) : openStore(given, clock, log)),
      (opening) =>
        opening.then(
          (open) => open.close(),
          () => undefined,
        ),
    );
    provide('store', store);
  },
});
