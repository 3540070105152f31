import { expect, test } from 'vitest';
import type { Attempt } from '../attempt.ts';
import { fixedHeaders, sentHeaders } from './provider-headers.ts';

const attempt = (headers: Record<string, string>): Attempt => ({ headers }) as unknown as Attempt;

test('fixed headers have lower-case names, and the credential wins over them', () => {
  const headers = { 'X-Team': 'a', Authorization: 'Bearer of-the-headers' };
  expect(fixedHeaders(headers, { authorization: 'Bearer key', 'x-project': undefined })).toEqual({
    'x-team': 'a',
    authorization: 'Bearer key',
  });
});

test('what is fixed wins over what the client sent', () => {
  const sent = sentHeaders(attempt({ 'x-team': 'b', 'user-agent': 'sdk/1' }), {
    'x-team': 'a',
    authorization: 'Bearer key',
  });
  expect(sent).toEqual({ 'user-agent': 'sdk/1', 'x-team': 'a', authorization: 'Bearer key' });
});

test('a credential of the client does not go on, whether there is another or none', () => {
  const client = attempt({ authorization: 'Bearer of-the-client', 'api-key': 'of-the-client' });
  expect(sentHeaders(client, {})).not.toHaveProperty('authorization');
  expect(sentHeaders(client, { 'api-key': 'key' }, ['authorization', 'api-key'])).toEqual({
    'user-agent': expect.any(String),
    'api-key': 'key',
  });
});

test('the headers of the attempt stay as they are', () => {
  const headers = { authorization: 'Bearer of-the-client' };
  sentHeaders(attempt(headers), {});
  expect(headers).toEqual({ authorization: 'Bearer of-the-client' });
});
