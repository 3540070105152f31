/** Nobody gets in by a trick, and no key shows in what the gateway says. */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import type { Logger, Store } from '@gatewright/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_KEY, startGateway, type Rig } from './gateway.test.kit.ts';
import { openSqlite, type OpenedStore } from './stores.test.kit.ts';

let opened: OpenedStore;
let rig: Rig;
let port: number;
let id: string;
let secret: string;
let hash: string;
const said: unknown[] = [];
const asked: { name: string; args: unknown[] }[] = [];
const by = { actor: 'test' };

/** Notes every call of the store. */
const spied = (store: Store): Store =>
  new Proxy(store, {
    get: (target, name: keyof Store) => {
      const method = target[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]): unknown => {
        if (name !== 'changes') asked.push({ name, args });
        return method.apply(target, args);
      };
    },
  });

beforeAll(async () => {
  opened = await openSqlite();
  const note = (...line: unknown[]): void => void said.push(line);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  rig = await startGateway(spied(opened.store), { logger });
  const made = await rig.keys.records.keys.create({ alias: 'ci', models: ['smart'] }, by);
  id = made.record.id;
  secret = made.secret ?? '';
  hash = made.record.value.hash;
  ({ port } = await rig.gateway.listen({ port: 0 }));
});
afterAll(async () => {
  await rig.gateway.close();
  await opened.close();
});

/** What is sent as the request's head, byte for byte. */
function raw(path: string, headers: readonly string[]): Promise<{ status: number; text: string }> {
  const body = JSON.stringify({ model: 'smart', messages: [{ role: 'user', content: 'hi' }] });
  const head = [`POST ${path} HTTP/1.1`, ...headers, `content-length: ${body.length}`, 'connection: close', '', body];
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(head.join('\r\n'), 'latin1'));
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve({ status: Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1]), text }));
  });
}

const CHAT = '/v1/chat/completions';
const JSON_TYPE = 'content-type: application/json';

test('the key itself is let in over a socket, so that what follows is refused for its own reason', async () => {
  const { status } = await raw(CHAT, ['host: a', JSON_TYPE, `authorization: Bearer ${secret}`]);
  expect(status).toBe(200);
});

test.each<[string, () => string]>([
  ['a key that is SQL', () => `sk-'OR'1'='1';--`],
  ['a key that is SQL for another database', () => `sk-x')UNION/**/SELECT/**/*/**/FROM/**/records--`],
  ['the beginning of a key', () => secret.slice(0, -1)],
  ['a short beginning of a key', () => secret.slice(0, 10)],
  ['only the prefix', () => 'sk-'],
  ['a key with something behind it', () => `${secret}a`],
  ['a key without its prefix', () => secret.slice(3)],
  ['a key in capitals', () => secret.toUpperCase()],
  ['the hash of a key', () => hash],
  ['the hash of a key with the prefix', () => `sk-${hash}`],
  ['the id of a key', () => id],
  ['the id of a key with the prefix', () => `sk-${id}`],
  ['what is shown of a key', () => `sk-...${secret.slice(-4)}`],
  ['the hash of the admin’s key', () => createHash('sha256').update(ADMIN_KEY).digest('hex')],
  ['a beginning of the admin’s key', () => ADMIN_KEY.slice(0, -1)],
  ['the name of the admin’s key', () => 'admin'],
  ['a wildcard', () => 'sk-%'],
  ['another wildcard', () => 'sk-*'],
  ['the name of what every object has', () => '__proto__'],
  ['a very long key', () => `sk-${'a'.repeat(8000)}`],
  ['a key and many more characters', () => `${secret}${'a'.repeat(8000)}`],
  ['the key of a claim', () => `key-hash:${hash}`],
])('%s is refused', async (_what, credential) => {
  const { status, text } = await raw(CHAT, ['host: a', JSON_TYPE, `authorization: Bearer ${credential()}`]);
  expect(status).toBe(401);
  expect(text).not.toContain(secret.slice(3, 20));
});

test('what does not look like a key is refused without asking the store', async () => {
  asked.length = 0;
  for (const credential of ['hunter2', hash, `sk-${'a'.repeat(300)}`, 'sk-ümlaut-0123456789'])
    expect((await raw(CHAT, ['host: a', JSON_TYPE, `x-gatewright-key: ${credential}`])).status).toBe(401);
  expect(asked).toEqual([]);
});

test('the store is never asked by anything but a hash', async () => {
  asked.length = 0;
  await raw(CHAT, ['host: a', JSON_TYPE, `authorization: Bearer sk-'OR'1'='1`]);
  expect(asked).toEqual([
    {
      name: 'find',
      args: ['key', { where: { hash: createHash('sha256').update(`sk-'OR'1'='1`).digest('hex') }, limit: 1 }],
    },
  ]);
});

test('a key that nobody has is looked up once, however often it is sent and by however many', async () => {
  asked.length = 0;
  const headers = ['host: a', JSON_TYPE, 'authorization: Bearer sk-flood-0123456789'];
  await Promise.all(Array.from({ length: 20 }, () => raw(CHAT, headers)));
  await raw(CHAT, headers);
  expect(asked).toHaveLength(1);
});

test.each<[string, () => readonly string[], number]>([
  [
    'two Authorization headers, the first of nobody',
    () => ['authorization: Bearer sk-no', `authorization: Bearer ${secret}`],
    401,
  ],
  ['two keys in one header', () => [`authorization: Bearer sk-no, Bearer ${secret}`], 401],
  ['two keys in two headers of ours', () => ['x-gatewright-key: sk-no', `x-gatewright-key: ${secret}`], 401],
  [
    'a key of nobody in our header, a good one in the other',
    () => ['x-gatewright-key: sk-no', `authorization: Bearer ${secret}`],
    401,
  ],
  ['no scheme', () => [`authorization: ${secret}`], 401],
  ['another scheme', () => [`authorization: Basic ${secret}`], 401],
  ['a space inside the key', () => [`authorization: Bearer ${secret.slice(0, 9)} ${secret.slice(9)}`], 401],
  ['a no-break space before the key', () => [`authorization: Bearer \xa0${secret}`], 401],
  ['a letter that is cut to one of the key', () => [`authorization: Bearer ${secret.slice(0, -1)}\xe1`], 401],
  ['a folded header', () => [`authorization: Bearer`, ` ${secret}`], 400],
  ['a null character', () => [`authorization: Bearer ${secret}\0`], 400],
  ['a space before the colon', () => [`authorization : Bearer ${secret}`], 400],
  ['spaces around the key', () => [`authorization:   Bearer   ${secret}  `], 200],
])('%s', async (_what, headers, status) => {
  expect((await raw(CHAT, ['host: a', JSON_TYPE, ...headers()])).status).toBe(status);
});

test.each([
  ['a forged Host', CHAT, ['host: 127.0.0.1/health?']],
  ['a Host with a path', CHAT, ['host: a/v1/models']],
  ['a forwarded host', CHAT, ['host: a', 'x-forwarded-host: localhost', 'x-forwarded-for: 127.0.0.1']],
  ['a rewritten address', CHAT, ['host: a', 'x-original-url: /health', 'x-rewrite-url: /health']],
  ['another method in a header', CHAT, ['host: a', 'x-http-method-override: GET']],
  ['an address with a host in it', `http://localhost${CHAT}`, ['host: a']],
])('%s does not spare the key', async (_what, path, headers) => {
  const { status } = await raw(path, [...headers, JSON_TYPE]);
  expect([400, 401, 404]).toContain(status);
});

test('a model that the key may not use stays out of reach, by whatever name', async () => {
  const ask = (model: unknown): Promise<{ status: number }> => rig.ask(secret, { body: { model } });
  expect((await ask('smart')).status).toBe(200);
  for (const model of ['dear', 'DEAR', 'smart\0', 'smart,dear', '*', ['smart'], 'simulated/priced'])
    expect((await ask(model)).status).toBeGreaterThanOrEqual(400);
});

test('no key, and no hash of one, is in what was answered, logged, reported or noted', async () => {
  await rig.keys.records.keys.rotate(id, { actor: id }, 60_000);
  const everything = JSON.stringify([said, rig.records, await opened.store.audit({})], (_name, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value instanceof Error ? `${value.message} ${value.stack}` : value,
  );
  expect(rig.records.length).toBeGreaterThan(30);
  for (const hidden of [secret, secret.slice(3, 24), hash, ADMIN_KEY, 'sk-flood', `'OR'1'`])
    expect(everything).not.toContain(hidden);
});
