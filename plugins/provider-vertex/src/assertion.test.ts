import { verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { Assertions } from './assertion.ts';
import { parseKey, type ServiceAccount } from './key-file.ts';
import { accountFile, PUBLIC_KEY } from './keys.test.kit.ts';

const account = (more: Record<string, unknown> = {}): ServiceAccount =>
  parseKey(accountFile('https://t.example/token', more), 'k') as ServiceAccount;

test('an assertion says who asks whom for what, for an hour, and is signed with the key', () => {
  const [head = '', claims = '', signature = ''] = new Assertions(account()).make(1_700_000_000_900).split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(read(head)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
  expect(read(claims)).toEqual({
    iss: 'gateway@acme-prod.iam.example',
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    aud: 'https://t.example/token',
    iat: 1_700_000_000,
    exp: 1_700_003_600,
  });
  const text = Buffer.from(`${head}.${claims}`);
  expect(verify('RSA-SHA256', text, PUBLIC_KEY, Buffer.from(signature, 'base64url'))).toBe(true);
  expect(verify('RSA-SHA256', Buffer.from(`${head}.x`), PUBLIC_KEY, Buffer.from(signature, 'base64url'))).toBe(false);
});

test('a key that is none is refused without being quoted', () => {
  const make = (): unknown => new Assertions(account({ private_key: 'MII-not-a-key' }));
  expect(make).toThrow(/"private_key" is no private key in PEM form/);
  expect(make).not.toThrow(/MII/);
});
