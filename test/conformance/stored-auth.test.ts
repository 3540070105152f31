/** Authenticators that ask others who a caller is, a store or an issuer, keep what the testkit asks of everybody's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import authJwt from '@gatewright/auth-jwt';
import authKeys from '@gatewright/auth-keys';
import storeSqlite from '@gatewright/store-sqlite';
import { authSuite, ManualClock } from '@gatewright/testkit';
import { afterAll, describe, test } from 'vitest';
import { openRecords } from '../../plugins/auth-keys/src/records/open.ts';
import { openSqliteAt } from '../../plugins/auth-keys/src/stores.test.kit.ts';
import { TestIssuer } from '../../plugins/auth-jwt/src/issuer.test.kit.ts';
import { manifestOf } from './manifest.ts';

const clock = new ManualClock();
const folder = mkdtempSync(join(tmpdir(), 'gatewright-conformance-'));
const issuer = new TestIssuer();
await issuer.start();
afterAll(async () => {
  await issuer.stop();
  rmSync(folder, { recursive: true });
});

const path = join(folder, 'records.db');
const ADMIN = 'Admin-Key-7fQ2xLw9Zr4T';

/** Keys in a store that the gateways of the suite open anew. */
async function storedKeys(): Promise<{ credential: string; key: string }[]> {
  const { store, close } = await openSqliteAt(path, clock);
  const { keys, teams } = openRecords(store, clock);
  const by = { actor: 'test' };
  await teams.create('blue', {}, by);
  const made = [await keys.create({ alias: 'of-blue', team: 'blue' }, by), await keys.create({ alias: 'other' }, by)];
  await close();
  return made.map(({ record, secret = '' }) => ({ credential: secret, key: record.id }));
}

const known = await storedKeys();
const tokens = [
  { credential: await issuer.sign(clock.now(), { sub: 'ada' }), key: 'jwt:ada' },
  { credential: await issuer.sign(clock.now(), { sub: 'grace' }), key: 'jwt:grace' },
];

describe('auth-keys', () => {
  authSuite(
    { describe, test },
    {
      plugin: authKeys,
      manifest: manifestOf('auth-keys'),
      options: { adminKey: ADMIN },
      credentials: [ADMIN],
      plugins: [{ use: storeSqlite, with: { path } }],
      known,
    },
  );
});

describe('auth-jwt', () => {
  authSuite(
    { describe, test },
    {
      plugin: authJwt,
      manifest: manifestOf('auth-jwt'),
      options: { issuers: [{ issuer: issuer.url, audience: 'gateway' }] },
      known: tokens,
    },
  );
});
