import { expect, test } from 'vitest';
import type { z } from 'zod';
import { isSecret } from '../secret.ts';
import { address, credential, headerName, moreHeaders } from './provider-options.ts';

const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

test('an address is that of a server, with a path or without', () => {
  for (const text of ['https://api.example.com', 'http://127.0.0.1:11434/v1/']) {
    expect(accepts(address(), text), text).toBe(true);
  }
});

test.each([
  'ftp://api.example.com',
  'api.example.com',
  'https://me:secret@api.example.com',
  'https://api.example.com/v1?key=1',
  'https://api.example.com/#top',
])('%s is none', (text) => {
  expect(accepts(address(), text)).toBe(false);
});

test('what is wrong with an address is said without showing it', () => {
  const { error } = address().safeParse('https://me:secret@api.example.com');
  expect(error?.issues.map(({ message }) => message)).toEqual([
    'must have no user name, no password, no `?` and no `#`',
  ]);
});

test('a credential is secret, and cannot split a request', () => {
  expect(isSecret(credential())).toBe(true);
  expect(accepts(credential(), 'sk-1')).toBe(true);
  for (const text of ['', 'sk 1', 'sk-1\r\nx-admin: 1', 'clé']) expect(accepts(credential(), text), text).toBe(false);
});

test('headers are secret, none unless they are given, and cannot split a request', () => {
  expect(isSecret(moreHeaders())).toBe(true);
  expect(moreHeaders().parse(undefined)).toEqual({});
  expect(moreHeaders().parse({ 'X-Team': 'a b\tc' })).toEqual({ 'X-Team': 'a b\tc' });
  for (const wrong of [{ 'x team': 'a' }, { 'x-team': 'a\nb' }, { '': 'a' }]) {
    expect(accepts(moreHeaders(), wrong), JSON.stringify(wrong)).toBe(false);
  }
  expect(accepts(headerName(), 'x-api-key')).toBe(true);
});
