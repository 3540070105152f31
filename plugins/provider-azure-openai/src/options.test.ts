/** What options are refused, and with which words. */
import { describe, expect, test } from 'vitest';
import { options } from './options.ts';

const good = { endpoint: 'https://acme.openai.azure.com', apiKey: 'k-1' };

const APPLICATION = { tenantId: 'acme.example', clientId: 'a-1', clientSecret: 's-1' };

describe('options that Azure would not take', () => {
  test.each([
    ['no endpoint', { endpoint: undefined }, 'endpoint', /./],
    ['a name instead of an address', { endpoint: 'acme' }, 'endpoint', /./],
    ['a password in it', { endpoint: 'https://u:hunter22@acme.example' }, 'endpoint', /^must have no user name/],
    ['a query in it', { endpoint: 'https://acme.example/?x=1' }, 'endpoint', /^must have no user name/],
    ['the path in it', { endpoint: 'https://acme.openai.azure.com/openai/v1' }, 'endpoint', /^must end before/],
    ['no version', { api: 'deployments' }, 'apiVersion', /^is required with/],
    ['a version that is none', { api: 'deployments', apiVersion: '1&x=2' }, 'apiVersion', /./],
    ['a dated version of v1', { apiVersion: '2024-10-21' }, 'apiVersion', /^is a date/],
    ['no credential', { apiKey: undefined }, 'apiKey', /^is required, unless `token`, `entra`/],
    ['two credentials', { token: 't' }, 'token', /^is one credential too many/],
    ['a key with a line end', { apiKey: 'k-1\n' }, 'apiKey', /^must be one word/],
    ['a token with its scheme', { apiKey: undefined, token: 'Bearer t' }, 'token', /^must be one word/],
    ['a key and an application', { entra: APPLICATION }, 'entra', /^is one credential too many: `apiKey`/],
    ['a key and the machine', { managedIdentity: {} }, 'managedIdentity', /^is one credential too many: `apiKey`/],
    ['another API', { api: 'v2' }, 'api', /./],
  ])('%s', (_what, change, path, message) => {
    const issue = options.safeParse({ ...good, ...change }).error?.issues[0];
    expect(issue?.path).toEqual([path]);
    expect(issue?.message).toMatch(message);
    expect(issue?.message).not.toContain('hunter22');
  });
});

test.each([
  ['key', good],
  ['token', { endpoint: good.endpoint, token: 't' }],
  ['an application', { endpoint: good.endpoint, entra: APPLICATION }],
  ['a workload', { endpoint: good.endpoint, entra: { tenantId: 't', clientId: 'a', tokenFile: '/run/token' } }],
  ['the machine', { endpoint: good.endpoint, managedIdentity: {} }],
  ['a version', { ...good, api: 'deployments', apiVersion: '2025-04-01-preview' }],
])('it is taken with %s', (_what, given) => {
  expect(options.safeParse(given).error).toBeUndefined();
});

test.each([
  ['no secret', { clientSecret: undefined }, 'clientSecret', /^or `tokenFile` is required/],
  ['a secret and a file', { tokenFile: '/run/token' }, 'clientSecret', /and not both$/],
  ['a tenant that leads elsewhere', { tenantId: '../common' }, 'tenantId', /./],
  ['an authority with a password', { authority: 'https://u:hunter22@login.example' }, 'authority', /^must have no/],
])('an application with %s is refused', (_what, change, path, message) => {
  const entra = { ...APPLICATION, ...change };
  const issue = options.safeParse({ endpoint: good.endpoint, entra }).error?.issues[0];
  expect(issue?.path).toEqual(['entra', path]);
  expect(issue?.message).toMatch(message);
  expect(issue?.message).not.toContain('hunter22');
});
