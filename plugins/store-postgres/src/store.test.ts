/** The store keeps the contract of stores, with many replicas at once and through outages of its server. */
import { isGatewayError, silentLogger, systemClock } from '@gatewright/core';
import { storeSuite } from '@gatewright/testkit';
import { startPostgres, startProxy, type PostgresServer } from '@gatewright/testkit/servers';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectionOptions } from './connection.ts';
import { lookInto, openStore, type PostgresStore } from './store.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres({ max_connections: '30', fsync: 'off' });
}, 180_000);
afterAll(() => server.stop());

let schemas = 0;
const freshOptions = (over: Partial<ConnectionOptions> = {}): ConnectionOptions => ({
  url: server.url,
  schema: `s${++schemas}`,
  poolSize: 4,
  timeout: 5000,
  ...over,
});
const open = (options: ConnectionOptions): Promise<PostgresStore> => openStore(options, systemClock, silentLogger);
const isUnavailable = (error: unknown): boolean => isGatewayError(error) && error.code === 'GW_STORE_UNAVAILABLE';

async function admin(sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

storeSuite(
  { describe, test },
  {
    async open() {
      const options = freshOptions();
      const [store, replica] = await Promise.all([open(options), open(options)]);
      return { store, replica, close: async () => void (await Promise.all([store.close(), replica.close()])) };
    },
  },
);

test('replicas that start together make the tables once', async () => {
  const options = freshOptions();
  const stores = await Promise.all(Array.from({ length: 5 }, () => open(options)));
  expect(await admin(`SELECT step FROM ${options.schema}.migrations ORDER BY step`)).toEqual([
    { step: 1 },
    { step: 2 },
  ]);
  await Promise.all(stores.map((store) => store.close()));
});

test('a look makes no tables, and reads those that are there', async () => {
  const options = freshOptions();
  const look = lookInto(options, systemClock, silentLogger);
  await expect(look.get('team', 'a')).rejects.toMatchObject({ code: 'GW_STORE_UNAVAILABLE' });
  expect(await admin(`SELECT 1 FROM pg_namespace WHERE nspname = '${options.schema}'`)).toEqual([]);
  const store = await open(options);
  await store.write([{ kind: 'team', id: 'a', value: 1 }]);
  expect(await look.get('team', 'a')).toMatchObject({ value: 1 });
  await Promise.all([look.close(), store.close()]);
});

test('a step that fails leaves nothing of itself behind, and says which and why', async () => {
  const options = freshOptions();
  await admin(`CREATE SCHEMA ${options.schema}; CREATE TABLE ${options.schema}.rollups (mine text)`);
  const error = await open(options).catch((one: unknown) => one);
  expect(isUnavailable(error)).toBe(true);
  expect((error as Error).message).toMatch(/step 1 of its tables failed, and nothing of it was kept: .*rollups/);
  const left = await admin(`SELECT tablename FROM pg_tables WHERE schemaname = '${options.schema}' ORDER BY 1`);
  expect(left).toEqual([{ tablename: 'migrations' }, { tablename: 'rollups' }]);
  await admin(`DROP TABLE ${options.schema}.rollups`);
  await (await open(options)).close();
});

test('tables of a newer version are left alone', async () => {
  const options = freshOptions();
  await (await open(options)).close();
  await admin(`INSERT INTO ${options.schema}.migrations (step) VALUES (99)`);
  await expect(open(options)).rejects.toThrow(/newer version \(schema 99/);
});

test('another replica hears of a change', async () => {
  const options = freshOptions();
  const [store, replica] = await Promise.all([open(options), open(options)]);
  const heard = new Promise<void>((resolve) => {
    let calls = 0;
    // The first call says that it listens now.
    replica.onChange(() => {
      calls++;
      if (calls === 1) void store.write([{ kind: 'team', id: 'a', value: 1 }]);
      else resolve();
    });
  });
  await heard;
  await Promise.all([store.close(), replica.close()]);
});

test('a server that went away and came back is used again, and nothing that was answered is lost', async () => {
  const store = await open(freshOptions());
  await store.write([{ kind: 'team', id: 'a', value: 1 }]);
  await server.crash();
  await expect(store.get('team', 'a')).rejects.toSatisfy(isUnavailable);
  await expect(store.write([{ kind: 'team', id: 'b', value: 1 }])).rejects.toSatisfy(isUnavailable);
  await server.start();
  expect((await store.get('team', 'a'))?.value).toBe(1);
  expect(await store.get('team', 'b')).toBeUndefined();
  await store.close();
});

test('a connection that breaks in the middle of a transaction fails that call, and nothing else', async () => {
  const proxy = await startProxy(server.port);
  const options = freshOptions({ url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres` });
  const store = await open(options);
  const blocker = new Client({ connectionString: server.url });
  await blocker.connect();
  await blocker.query(`BEGIN; LOCK TABLE ${options.schema}.records`);
  const writing = store.write([{ kind: 'team', id: 'a', value: 1 }]).catch((error: unknown) => error);
  await waiting(options.schema);
  proxy.cut();
  expect(await writing).toSatisfy(isUnavailable);
  await blocker.query('ROLLBACK');
  await blocker.end();
  proxy.restore();
  expect(await store.get('team', 'a')).toBeUndefined();
  await store.close();
  await proxy.stop();
});

/** Resolves when somebody waits for a lock on the records of a schema. */
async function waiting(schema: string): Promise<void> {
  const sql = `SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT l.granted AND n.nspname = '${schema}'`;
  while ((await admin(sql)).length === 0);
}

test('a call waits no longer than it may, also for a connection', async () => {
  const options = freshOptions({ timeout: 300, poolSize: 1 });
  const store = await open(options);
  const blocker = new Client({ connectionString: server.url });
  await blocker.connect();
  await blocker.query(`BEGIN; LOCK TABLE ${options.schema}.records`);
  const [first, second] = await Promise.allSettled([store.get('team', 'a'), store.get('team', 'b')]);
  expect([first, second].every((one) => one?.status === 'rejected' && isUnavailable(one.reason))).toBe(true);
  await blocker.query('ROLLBACK');
  await blocker.end();
  expect(await store.get('team', 'a')).toBeUndefined();
  await store.close();
});

test('a server at its limit of connections is said to be unavailable', async () => {
  const { schema } = freshOptions();
  const full = await open(freshOptions({ schema }));
  const greedy: Client[] = [];
  for (let n = 0; n < 40; n++) {
    const client = new Client({ connectionString: server.url });
    client.on('error', () => undefined);
    greedy.push(client);
    if (
      await client.connect().then(
        () => false,
        () => true,
      )
    )
      break;
  }
  const results = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => full.get('team', `${n}`)));
  for (const one of results) expect(one.status === 'fulfilled' || isUnavailable(one.reason)).toBe(true);
  await Promise.all(greedy.map((client) => client.end().catch(() => undefined)));
  expect(await full.get('team', 'a')).toBeUndefined();
  await full.close();
});

test('an address where nobody listens is refused without its password', async () => {
  const url = 'postgres://someone:hunter2@127.0.0.1:1/nowhere';
  const error = await open(freshOptions({ url })).catch((one: unknown) => one);
  expect(isUnavailable(error)).toBe(true);
  expect(JSON.stringify([(error as Error).message, (error as Error).stack])).not.toContain('hunter2');
});
