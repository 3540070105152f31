import { expect, test } from 'vitest';
import type { Surface } from '../dialect.ts';
import { readCredential } from './credential.ts';

const surface = { credentialHeaders: ['x-api-key', 'api-key'] } as unknown as Surface;

test.each([
  [{ authorization: 'Bearer sk-1' }, 'sk-1'],
  [{ authorization: 'bearer   sk-1  ' }, 'sk-1'],
  [{ 'x-api-key': ' sk-2 ' }, 'sk-2'],
  [{ authorization: 'Bearer sk-1', 'x-api-key': 'sk-2' }, 'sk-1'],
  [{ authorization: 'Basic dXNlcg==', 'api-key': 'sk-3' }, 'sk-3'],
  [{ authorization: 'Bearer' }, undefined],
  [{ authorization: 'Bearer a b' }, undefined],
  [{ 'x-api-key': '' }, undefined],
  [{}, undefined],
])('%j gives %s', (headers, key) => {
  expect(readCredential(headers, surface)).toBe(key);
});
