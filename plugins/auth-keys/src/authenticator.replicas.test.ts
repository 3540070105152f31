/** Every replica knows of a change within a second, and none lets anybody in by what it remembers for longer than it may. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '@gatewright/core';
import { startPostgres, startProxy, type FaultProxy, type PostgresServer } from '@gatewright/testkit/servers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Hands } from './clock.test.kit.ts';
import { ADMIN_KEY, startGateway, type Rig, type RigOptions } from './gateway.test.kit.ts';
import { openPostgres, type OpenedStore } from './stores.test.kit.ts';

let server: PostgresServer;
let proxy: FaultProxy;
beforeAll(async () => {
  server = await startPostgres({ max_connections: '30', fsync: 'off' });
  proxy = await startProxy(server.port);
}, 180_000);
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});

let schemas = 0;
let here: OpenedStore;
let there: OpenedStore;
let clock: Hands;
let rig: Rig;
const by = { actor: 'test' };
beforeEach(async () => {
  const schema = `k${++schemas}`;
  here = await openPostgres(server.url, schema);
  there = await openPostgres(server.url.replace(`:${server.port}/`, `:${proxy.port}/`), schema, 1000);
  clock = new Hands();
  clock.idle = there.idle;
});
afterEach(async () => {
  proxy.restore();
  await rig.gateway.close();
  await Promise.all([here.close(), there.close()]);
});

/** A replica that is told of nothing, as where notifications are down. */
const deaf = (store: Store): Store =>
  new Proxy(store, {
    get: (target, name: keyof Store) => (name === 'onChange' ? () => () => undefined : target[name]),
  });

async function start(options: RigOptions['with'] & object = {}, store = deaf(there.store)): Promise<void> {
  rig = await startGateway(store, { clock, with: options });
}

/** A key made by another replica. */
async function made(): Promise<{ id: string; secret: string }> {
  const other = await startGateway(here.store);
  const { record, secret = '' } = await other.keys.records.keys.create({}, by);
  await other.gateway.close();
  return { id: record.id, secret };
}

async function block(id: string): Promise<void> {
  const { value } = (await here.store.get<object>('key', id)) ?? {};
  await here.store.write([
    { kind: 'key', id, value: { ...value, blocked: true }, index: { hash: (value as { hash: string }).hash } },
  ]);
}

test('a key that another replica blocks is refused within a second, also where nobody tells of it', async () => {
  await start();
  const { id, secret } = await made();
  expect((await rig.ask(secret)).status).toBe(200);
  await block(id);
  expect((await rig.ask(secret)).status).toBe(200);
  await clock.move(1000);
  expect(await rig.ask(secret)).toMatchObject({ status: 403, code: 'GW_FORBIDDEN' });
});

test('it is refused at once where the store tells of it', async () => {
  await start({}, there.store);
  const { id, secret } = await made();
  expect((await rig.ask(secret)).status).toBe(200);
  await block(id);
  let status = 200;
  for (let tries = 0; status === 200 && tries < 200; tries++) {
    await sleep(10);
    ({ status } = await rig.ask(secret));
  }
  expect(status).toBe(403);
});

test('a gateway that was busy for seconds looks at the log before it lets anybody in', async () => {
  await start();
  const { id, secret } = await made();
  expect((await rig.ask(secret)).status).toBe(200);
  await block(id);
  // Time passes, and no timer has run.
  clock.time += 5000;
  expect(await rig.ask(secret)).toMatchObject({ status: 403 });
});

test('a read that began before a key was blocked does not bring it back', async () => {
  let let_go: (() => void) | undefined;
  const slow = new Proxy(deaf(there.store), {
    get(target, name: keyof Store) {
      if (name !== 'find') return target[name];
      return async (kind: string, query?: object) => {
        const page = await target.find(kind, query);
        await new Promise<void>((resolve) => (let_go = resolve));
        return page;
      };
    },
  });
  await start({}, slow);
  const { id, secret } = await made();
  const asked = rig.ask(secret);
  while (let_go === undefined) await sleep(5);
  await block(id);
  await rig.keys.sync();
  const release = let_go;
  let_go = undefined;
  release();
  // What was read is older than what is known to have changed: it is read again.
  while (let_go === undefined) await sleep(5);
  (let_go as () => void)();
  expect(await asked).toMatchObject({ status: 403 });
  expect(await rig.ask(secret)).toMatchObject({ status: 403 });
});

test('where the store is gone, keys are refused with 503 after a second, and never with 401', async () => {
  await start();
  const { secret } = await made();
  expect((await rig.ask(secret)).status).toBe(200);
  expect((await rig.ask('sk-nobody-0123456789')).status).toBe(401);
  proxy.cut();
  expect((await rig.ask(secret)).status).toBe(200);
  await clock.move(1001);
  for (const key of [secret, 'sk-nobody-0123456789', 'sk-never-seen-0123456789'])
    expect(await rig.ask(key)).toMatchObject({ status: 503, code: 'GW_STORE_UNAVAILABLE' });
  expect((await rig.ask(ADMIN_KEY)).status).toBe(200);
  expect((await rig.ask('no-key-at-all')).status).toBe(401);
  proxy.restore();
  await clock.move(1000);
  expect((await rig.ask(secret)).status).toBe(200);
  expect((await rig.ask('sk-nobody-0123456789')).status).toBe(401);
});

test('where it is so configured, remembered keys are let in for so long, and others not', async () => {
  await start({ stale: { serve: '10m' }, cache: { ttl: '1m' } });
  const { id, secret } = await made();
  const { secret: cold } = await made();
  expect((await rig.ask(secret, { body: { user: 'eve' } })).status).toBe(200);
  proxy.cut();
  await block(id);
  await clock.move(300_000);
  expect((await rig.ask(secret, { body: { user: 'eve' } })).status).toBe(200);
  expect(await rig.ask(secret, { body: { user: 'bob' } })).toMatchObject({ status: 503 });
  expect(await rig.ask(cold)).toMatchObject({ status: 503, code: 'GW_STORE_UNAVAILABLE' });
  await clock.move(301_000);
  expect(await rig.ask(secret)).toMatchObject({ status: 503 });
  proxy.restore();
  await clock.move(1000);
  expect(await rig.ask(secret)).toMatchObject({ status: 403 });
  expect((await rig.ask(cold)).status).toBe(200);
});

test('a store that hangs holds nobody up for longer than configured', async () => {
  await start({ reads: { timeout: '3s' } });
  const { secret } = await made();
  clock.idle = turn;
  proxy.silence();
  const asked = rig.ask(secret);
  let over = false;
  void asked.then(() => (over = true));
  await clock.move(2900);
  expect(over).toBe(false);
  for (let tries = 0; !over && tries < 10; tries++) await clock.move(1000);
  expect(await asked).toMatchObject({ status: 503, code: 'GW_STORE_UNAVAILABLE' });
});
