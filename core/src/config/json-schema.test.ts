/** The JSON Schema for editors, judged by a validator that is not ours. */
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { definePlugin } from '../plugin.ts';
import { secret } from '../secret.ts';
import { configSchema } from './json-schema.ts';

const node = z.strictObject({
  name: z.string().describe('Its name.'),
  get inner() {
    return z.array(node).optional().describe('Nodes below.');
  },
});
const provider = definePlugin({
  name: '@acme/provider',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({
    apiKey: secret().describe('The key.'),
    baseUrl: z.url().optional().describe('Where it is.'),
    pace: z.number().min(1).default(3).describe('Tokens per second.'),
    mode: z.enum(['fast', 'careful']).optional().describe('How it works.'),
    tree: node.optional().describe('A tree.'),
  }),
  setup() {},
});

const house = definePlugin({
  name: 'house',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  modelOptions: z.strictObject({
    most: z.int().min(1).describe('How many.'),
    tree: node.optional().describe('A tree.'),
  }),
  targetOptions: z.strictObject({ tags: z.array(z.string()).optional().describe('Whom it is for.') }),
  setup() {},
});

const schema = configSchema([
  { use: '@acme/provider', plugin: provider },
  { use: './house.ts', plugin: house },
  { use: './house.ts', plugin: house, id: 'garden' },
]);
const ajv = new Ajv2020({ strict: false, allErrors: true, formats: fullFormats });
const validate = ajv.compile(schema);

const withSettings = (ofModel: unknown, ofTarget: unknown): object => ({
  models: { a: { targets: [{ provider: 'p', model: 'm', with: ofTarget }], with: ofModel } },
});
const entry = (options: object): object => ({ plugins: [{ use: '@acme/provider', with: options }] });

describe('accepts', () => {
  test.each([
    [{}],
    [{ listen: { port: '${env:PORT:-80}' }, timeouts: { total: '2m', idle: 500 }, limits: { body: '1mib' } }],
    [{ 'x-anchors': [1, 2], $schema: './gatewright.schema.json' }],
    [entry({ apiKey: '${env:KEY}', baseUrl: '${env:URL}', pace: '${env:PACE}', mode: '${env:MODE}' })],
    [entry({ apiKey: 'k', baseUrl: 'https://example.com', pace: 2, mode: 'fast' })],
    [entry({ apiKey: 'k', tree: { name: 'a', inner: [{ name: 'b' }] } })],
    [{ plugins: [{ use: './house.ts' }, { use: 'something-else', with: { any: 1 }, if: false }] }],
    [{ models: { a: { targets: ['p/m', { provider: 'p', model: 'm', if: 'env.X' }], fallbacks: ['b'] } } }],
    [withSettings({ house: { most: 2, tree: { name: 'a', inner: [{ name: 'b' }] } } }, { garden: { tags: ['a'] } })],
    [withSettings({ house: { most: '${env:MOST}' }, other: { any: 1 } }, null)],
  ])('%j', (value) => {
    expect([validate(value), validate.errors]).toEqual([true, null]);
  });
});

describe('refuses', () => {
  test.each([
    [{ limts: {} }, ''],
    [{ listen: { port: 'http' } }, '/listen/port'],
    [{ timeouts: { total: '2 minutes' } }, '/timeouts/total'],
    [{ plugins: [{ use: '' }] }, '/plugins/0/use'],
    [{ plugins: [{ use: '@acme/provider' }] }, '/plugins/0'],
    [entry({ pace: 2 }), '/plugins/0/with'],
    [entry({ apiKey: 'k', pase: 2 }), '/plugins/0/with'],
    [entry({ apiKey: 'k', pace: 'quick' }), '/plugins/0/with/pace'],
    [entry({ apiKey: 'k', mode: 'slow' }), '/plugins/0/with/mode'],
    [entry({ apiKey: 'k', baseUrl: 'not a url' }), '/plugins/0/with/baseUrl'],
    [entry({ apiKey: 'k', tree: { name: 'a', inner: [{ nam: 'b' }] } }), '/plugins/0/with/tree/inner/0'],
    [{ plugins: [{ use: './house.ts', with: { any: 1 } }] }, '/plugins/0/with'],
    [{ models: { a: { targets: ['gpt'] } } }, '/models/a/targets/0'],
    [{ models: { a: {} } }, '/models/a'],
    [withSettings({ house: { most: 0 } }, {}), '/models/a/with/house/most'],
    [withSettings({ garden: { most: 1, mst: 1 } }, {}), '/models/a/with/garden'],
    [withSettings({ house: { most: 1, tree: { name: 1 } } }, {}), '/models/a/with/house/tree/name'],
    [withSettings({}, { house: { tags: 'a' } }), '/models/a/targets/0/with/house/tags'],
  ])('%j', (value, place) => {
    expect(validate(value)).toBe(false);
    expect(validate.errors?.map((error) => error.instancePath)).toContain(place);
  });
});

test('editors can complete and explain', () => {
  const plugins = schema.properties?.['plugins'] as z.core.JSONSchema.JSONSchema;
  const item = plugins.items as z.core.JSONSchema.JSONSchema;
  expect(item.properties?.['use']).toMatchObject({
    description: expect.stringContaining('package name'),
    anyOf: [{ enum: ['@acme/provider', './house.ts'] }, { type: 'string' }],
  });
  expect(schema.properties?.['drainTimeout']).toMatchObject({ description: expect.any(String), default: '30s' });
  expect(JSON.stringify(schema)).not.toContain('"secret"');
  expect(item.allOf?.[0]).toMatchObject({
    // oxlint-disable-next-line unicorn/no-thenable -- the keyword of JSON Schema
    then: {
      properties: {
        with: {
          properties: {
            apiKey: { writeOnly: true, description: 'The key.' },
            pace: { default: 3, description: 'Tokens per second.' },
          },
        },
      },
    },
  });
});

test('every field of the configuration is described', () => {
  const bare: string[] = [];
  const walk = (part: z.core.JSONSchema.JSONSchema, path: string): void => {
    for (const [name, field] of Object.entries(part.properties ?? {})) {
      const inner = field as z.core.JSONSchema.JSONSchema;
      if (inner.description === undefined) bare.push(`${path}.${name}`);
      walk(inner, `${path}.${name}`);
    }
    const below = [part.items, part.additionalProperties, ...(part.anyOf ?? [])];
    for (const inner of below) if (typeof inner === 'object' && !Array.isArray(inner)) walk(inner, `${path}[]`);
  };
  walk(configSchema([]), '');
  expect(bare).toEqual([]);
});
