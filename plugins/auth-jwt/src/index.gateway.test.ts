/** Tokens let their bearers in through a whole gateway, with what records say of them where there are any. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyService } from '@gatewright/auth-keys';
import authKeys from '@gatewright/auth-keys';
import {
  createGateway,
  definePlugin,
  silentLogger,
  type ExchangeRecord,
  type Gateway,
  type Plugin,
} from '@gatewright/core';
import dialect from '@gatewright/dialect-openai';
import limits from '@gatewright/limits';
import provider from '@gatewright/provider-simulated';
import state from '@gatewright/state-memory';
import sqlite from '@gatewright/store-sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';
import { TestIssuer } from './issuer.test.kit.ts';

let issuer: TestIssuer;
let folder: string;
let gateway: Gateway;
let keys: KeyService | undefined;
let records: ExchangeRecord[];
const by = { actor: 'test' };
beforeEach(async () => {
  records = [];
  folder = mkdtempSync(join(tmpdir(), 'gatewright-jwt-'));
  issuer = new TestIssuer();
  await issuer.start();
});
afterEach(async () => {
  await gateway.close();
  await issuer.stop();
  rmSync(folder, { recursive: true });
});

async function start(withRecords: boolean): Promise<void> {
  const spy = definePlugin({
    name: 'test-spy',
    version: '1.0.0',
    engine: '^1',
    options: z.strictObject({}),
    usesIfPresent: ['keys'],
    setup({ hooks, useIfPresent }) {
      keys = useIfPresent('keys');
      hooks.log.tap((record) => void records.push(record));
    },
  });
  const claims = { team: 'team', models: 'models', roles: 'roles' };
  const one = { issuer: issuer.url, audience: 'gateway', claims, roles: { boss: 'admin' } };
  const { models: _models, ...without } = claims;
  const stored = [{ use: sqlite as Plugin, with: { path: join(folder, 'a.db') } }, { use: authKeys as Plugin }];
  const plugins = [
    { use: dialect as Plugin },
    { use: provider as Plugin, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
    { use: state as Plugin },
    ...(withRecords ? stored : []),
    { use: plugin as Plugin, with: { issuers: [withRecords ? { ...one, claims: without } : one] } },
    { use: limits as Plugin },
    { use: spy },
  ];
  const models = { smart: { targets: ['simulated/a'] }, fast: { targets: ['simulated/b'] } };
  gateway = await createGateway({ plugins, models }, { logger: silentLogger });
}

async function ask(
  credential: string,
  model = 'smart',
  headers: object = {},
): Promise<{ status: number; text: string }> {
  const { statusCode, payload } = await gateway.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}`, ...headers },
    payload: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
  });
  return { status: statusCode, text: payload };
}

const sign = (claims: Record<string, unknown> = {}): Promise<string> => issuer.sign(Date.now(), claims);
const identity = (): object => records.at(-1)?.identity ?? {};

test('without records, a token alone says who it is and what they may use', async () => {
  await start(false);
  const token = await sign({ team: 'core', models: ['smart'] });
  expect((await ask(token)).status).toBe(200);
  expect(identity()).toEqual({ key: 'jwt:ada', user: 'ada', team: 'core', models: ['smart'] });
  const first = identity();
  await ask(token);
  expect(identity()).toBe(first);
  expect((await ask(token, 'fast')).status).toBe(403);
  expect((await ask(await sign({}))).status).toBe(403);
  const refused = await ask(`${token.slice(0, -8)}AAAAAAAA`);
  expect(refused.status).toBe(401);
  expect(refused.text).not.toContain(token.slice(0, 40));
  expect((await ask('sk-0123456789abcdef0123')).status).toBe(401);
});

test('an issuer that is gone is 503, and what was verified goes on', async () => {
  await start(false);
  const token = await sign({ models: '*' });
  issuer.answer = { status: 500, body: '' };
  const refused = await ask(token);
  expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('GW_AUTH_UNAVAILABLE')]);
});

test('with records, team and user bring their models and limits, and virtual keys are known too', async () => {
  await start(true);
  if (keys === undefined) throw new Error('There is no service.');
  const { users, teams, keys: virtual } = keys.records;
  await users.create('ada', { limits: [{ unit: 'requests', limit: 2 }] }, by);
  await teams.create('core', { models: ['smart'] }, by);
  const token = await sign({ team: 'core' });
  expect((await ask(token, 'fast')).status).toBe(403);
  expect((await ask(token, 'smart', { 'x-gatewright-end-user': 'eve' })).status).toBe(200);
  expect(identity()).toMatchObject({
    key: 'jwt:ada',
    user: 'ada',
    team: 'core',
    endUser: 'eve',
    models: ['smart'],
    rules: { limits: [{ scope: 'user:ada' }] },
  });
  expect((await ask(token)).status).toBe(200);
  expect((await ask(token)).status).toBe(429);
  expect((await ask(await sign({ sub: 'bob', team: 'core' }))).status).toBe(200);
  expect((await ask(await sign({ sub: 'bob', team: 'unknown' }))).status).toBe(403);
  const { secret = '' } = await virtual.create({ team: 'core' }, by);
  expect((await ask(secret)).status).toBe(200);
  await users.block('ada', true, by);
  await keys.sync();
  expect((await ask(token)).status).toBe(403);
});

test('with records, tokens may manage them as far as their role or their user’s reaches', async () => {
  await start(true);
  if (keys === undefined) throw new Error('There is no service.');
  await keys.records.users.create('ada', { role: 'viewer' }, by);
  expect(await keys.actor(await sign({}))).toMatchObject({ id: 'jwt:ada', user: 'ada', role: 'viewer' });
  expect(await keys.actor(await sign({ roles: ['boss'] }))).toMatchObject({ role: 'admin' });
  expect(await keys.actor(await sign({ sub: 'bob' }))).not.toHaveProperty('role');
  const unknown = keys.actor((await sign({})).slice(0, -8));
  await expect(unknown).rejects.toMatchObject({ code: 'GW_UNAUTHENTICATED' });
});
