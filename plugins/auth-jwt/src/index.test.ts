/** The plugin keeps the contract of plugins. */
import { readFileSync } from 'node:fs';
import { isPlugin } from '@gatewright/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';

interface Schema {
  readonly description?: string;
  readonly additionalProperties?: boolean | object;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

test('is a plugin with the name and version of its package', () => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.engine, plugin.usesIfPresent]).toEqual([name, version, '^1', ['keys']]);
});

test('describes every option, and takes no others', () => {
  const check = (schema: Schema): void => {
    for (const [name, option] of Object.entries(schema.properties ?? {})) {
      expect(option.description ?? '', name).toMatch(/^.{9,}\.$/);
      check(option);
    }
    if (schema.properties !== undefined) expect(schema.additionalProperties).toBe(false);
    if (schema.items !== undefined) check(schema.items);
  };
  check(z.toJSONSchema(plugin.options, { io: 'input' }) as unknown as Schema);
});

const GOOD = { issuer: 'https://login.example.org', audience: 'gateway' };

test.each<[string, object, string]>([
  ['no issuer', { issuers: [] }, 'issuers'],
  ['no audience', { issuers: [{ issuer: 'https://a.example.org' }] }, 'issuers.0.audience'],
  ['unsigned tokens', { issuers: [{ ...GOOD, algorithms: ['none'] }] }, 'issuers.0.algorithms.0'],
  ['a shared secret', { issuers: [{ ...GOOD, algorithms: ['HS256'] }] }, 'issuers.0.algorithms.0'],
  ['keys without https', { issuers: [{ ...GOOD, jwksUrl: 'http://a.example.org/keys' }] }, 'issuers.0.jwksUrl'],
  ['a password in an address', { issuers: [{ ...GOOD, jwksUrl: 'https://a:b@c.org/keys' }] }, 'issuers.0.jwksUrl'],
  ['an issuer that cannot be asked', { issuers: [{ ...GOOD, issuer: 'acme' }] }, 'issuers.0.issuer'],
  ['an issuer that is there twice', { issuers: [GOOD, { ...GOOD, prefix: 'b:' }] }, 'issuers.1.issuer'],
  ['callers that could be mixed up', { issuers: [GOOD, { ...GOOD, issuer: 'https://b.org' }] }, 'issuers.1.prefix'],
  ['callers that could be virtual keys', { issuers: [{ ...GOOD, prefix: '' }] }, 'issuers.0.prefix'],
  ['a role that there is not', { issuers: [{ ...GOOD, roles: { a: 'root' } }] }, 'issuers.0.roles.a'],
])('refuses %s at its place', (_what, options, path) => {
  const { error } = plugin.options.safeParse(options);
  expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
});
