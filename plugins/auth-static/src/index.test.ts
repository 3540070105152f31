/** The plugin keeps the contract, and knows whose keys are whose. */
import { readFileSync } from 'node:fs';
import {
  isPlugin,
  mayUseModel,
  mayUseOperation,
  type Exchange,
  type Identity,
  type SetupContext,
} from '@gatewright/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';

const KEY_A = 'sk-aaaaaaaaaaaaaaaaaaaa';
const KEY_B = 'sk-bbbbbbbbbbbbbbbbbbbb';

type AuthTap = Parameters<SetupContext['hooks']['auth']['tap']>[0];

/** Sets the plugin up with a stand-in that knows the auth hook and the logger, and fails on anything else. */
async function setUp(keys: z.input<typeof plugin.options>['keys']): Promise<{ auth: AuthTap; warnings: string[] }> {
  const taps: AuthTap[] = [];
  const warnings: string[] = [];
  const context = {
    hooks: { auth: { tap: (tap: AuthTap) => taps.push(tap) } },
    log: { warn: (message: string) => warnings.push(message) },
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse({ keys }));
  expect(taps).toHaveLength(1);
  return { auth: taps[0] as AuthTap, warnings };
}

function exchange(credential: string | undefined): Exchange {
  return { credential } as Partial<Exchange> as Exchange;
}

test('is a plugin with the name and version of its package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(isPlugin(plugin)).toBe(true);
  expect(plugin.name).toBe(manifest['name']);
  expect(plugin.version).toBe(manifest['version']);
  expect(plugin.engine).toBe('^1');
});

test('describes every option, and marks the key as a secret', () => {
  const schema = z.toJSONSchema(plugin.options, { io: 'input' }) as unknown as {
    additionalProperties: boolean;
    properties: { keys: { description: string; items: { additionalProperties: boolean; properties: object } } };
  };
  const { keys } = schema.properties;
  expect(schema.additionalProperties).toBe(false);
  expect(keys.items.additionalProperties).toBe(false);
  const described = [keys, ...Object.values(keys.items.properties)] as { description?: string }[];
  expect(described.every(({ description }) => (description ?? '').length > 10)).toBe(true);
  expect((keys.items.properties as { key: { secret?: boolean } }).key.secret).toBe(true);
});

test('answers with the identity of a key, and with nothing for anyone else', async () => {
  const { auth } = await setUp([
    {
      key: KEY_A,
      id: 'ada',
      user: 'ada',
      team: 'research',
      organisation: 'house',
      tags: ['beta'],
      metadata: { a: { b: 1 } },
    },
    { key: KEY_B, id: 'bob' },
  ]);
  expect(auth(exchange(KEY_A))).toEqual({
    key: 'ada',
    user: 'ada',
    team: 'research',
    organisation: 'house',
    tags: ['beta'],
    metadata: { a: { b: 1 } },
  });
  expect(auth(exchange(KEY_B))).toEqual({ key: 'bob' });
  expect(auth(exchange(`${KEY_B}x`))).toBeUndefined();
  expect(auth(exchange(''))).toBeUndefined();
  expect(auth(exchange(undefined))).toBeUndefined();
});

test('gives the same frozen identity every time, and does not hold on to the configuration', async () => {
  const metadata = { a: { b: 1 } };
  const tags = ['beta'];
  const { auth } = await setUp([{ key: KEY_A, id: 'ada', tags, metadata }]);
  const identity = auth(exchange(KEY_A)) as Identity;
  expect(auth(exchange(KEY_A))).toBe(identity);
  expect(Object.isFrozen(identity)).toBe(true);
  expect(Object.isFrozen(identity.tags)).toBe(true);
  expect(Object.isFrozen((identity.metadata as typeof metadata).a)).toBe(true);
  expect(Object.isFrozen(tags)).toBe(false);
  metadata.a.b = 2;
  expect((identity.metadata as typeof metadata).a.b).toBe(1);
});

test('hands models and operations to the core in the form that it enforces', async () => {
  const { auth } = await setUp([{ key: KEY_A, id: 'ada', models: ['fast', 'test-*'], operations: ['chat'] }]);
  const identity = auth(exchange(KEY_A)) as Identity;
  expect(['fast', 'test-1', 'smart'].map((model) => mayUseModel(identity, model))).toEqual([true, true, false]);
  expect(mayUseOperation(identity, 'chat')).toBe(true);
  expect(mayUseOperation(identity, 'count-tokens')).toBe(false);
});

test('warns of a short key by its id, never by itself', async () => {
  const { auth, warnings } = await setUp([
    { key: 'hunter2', id: 'ada' },
    { key: KEY_B, id: 'bob' },
  ]);
  expect(warnings).toEqual([expect.stringContaining('"ada" is shorter than 16 characters')]);
  expect(warnings.join()).not.toContain('hunter2');
  expect(auth(exchange('hunter2'))).toEqual({ key: 'ada' });
});
