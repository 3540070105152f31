/** Tests of the flat list of an options schema's fields. */
import { secret } from '@gatewright/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { duration, size } from '../../core/src/config/measure.ts';
import { fieldsOf, isStrict } from './fields.ts';

const types = (schema: z.ZodType): Record<string, string> =>
  Object.fromEntries(fieldsOf(schema).map(({ path, type }) => [path, type]));

test('types are told in words of the configuration', () => {
  const schema = z.strictObject({
    port: z.number().int().min(1).max(65535),
    count: z.number().int(),
    share: z.number().positive(),
    mode: z.enum(['drop', 'refuse']),
    url: z.url(),
    either: z.union([z.literal(false), z.string()]),
    tags: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    length: z.string().transform((text) => text.length),
    free: z.unknown(),
    wait: duration(),
    most: size(),
  });
  expect(types(schema)).toEqual({
    port: 'integer ≥ 1 ≤ 65535',
    count: 'integer',
    share: 'number > 0',
    mode: '"drop" | "refuse"',
    url: 'URL',
    either: 'false | string',
    tags: 'list of string',
    labels: 'map of string',
    length: 'string',
    free: 'anything',
    wait: 'duration',
    most: 'size',
  });
});

test('nested fields have dotted paths, in lists, maps and alternatives too', () => {
  const schema = z.strictObject({
    keys: z.array(z.strictObject({ id: z.string() })),
    models: z.record(z.string(), z.strictObject({ price: z.string() })),
    store: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('file'), path: z.string() }),
      z.strictObject({ kind: z.literal('none') }),
    ]),
    net: z.strictObject({ idle: z.strictObject({ max: z.number() }) }).optional(),
  });
  expect(Object.keys(types(schema))).toEqual([
    'keys',
    'keys[].id',
    'models',
    'models.<name>.price',
    'store',
    'store.kind',
    'store.path',
    'net',
    'net.idle',
    'net.idle.max',
  ]);
});

test('a field of several alternatives has the types of all', () => {
  const kind = (name: string) => z.strictObject({ kind: z.literal(name) });
  const schema = z.strictObject({ store: z.discriminatedUnion('kind', [kind('file'), kind('none')]) });
  expect(types(schema)['store.kind']).toBe('"file" | "none"');
});

test('required, default, description and secrecy are told, through every wrapper', () => {
  const schema = z.strictObject({
    key: secret().describe('The key.'),
    spare: secret().optional().describe('Another.'),
    size: z.number().default(3).describe('How many.'),
  });
  expect(fieldsOf(schema)).toEqual([
    { path: 'key', type: 'string', required: true, secret: true, loose: false, description: 'The key.' },
    { path: 'spare', type: 'string', required: false, secret: true, loose: false, description: 'Another.' },
    {
      path: 'size',
      type: 'number',
      required: false,
      secret: false,
      loose: false,
      default: 3,
      description: 'How many.',
    },
  ]);
});

test('an object that swallows unknown keys is seen, at the top and inside; a map is none', () => {
  expect(isStrict(z.object({ a: z.string() }))).toBe(false);
  const schema = z.strictObject({
    inner: z.object({ a: z.string() }),
    list: z.array(z.looseObject({ a: z.string() })).optional(),
    map: z.record(z.string(), z.string()),
    strict: z.strictObject({ a: z.string() }),
  });
  expect(isStrict(schema)).toBe(true);
  expect(
    fieldsOf(schema)
      .filter((field) => field.loose)
      .map((field) => field.path),
  ).toEqual(['inner', 'list']);
});
