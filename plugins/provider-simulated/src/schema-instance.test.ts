/** Instances are valid by a validator that we did not write, and take what they can from the question. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { describe, expect, test } from 'vitest';
import { instanceOf } from './schema-instance.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true, formats: fullFormats });

type Schema = Record<string, unknown>;

const object = (properties: Schema, more: Schema = {}): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});

const SCHEMAS: Readonly<Record<string, Schema>> = {
  'every type': object({
    text: { type: 'string' },
    number: { type: 'number' },
    integer: { type: 'integer' },
    flag: { type: 'boolean' },
    nothing: { type: 'null' },
    list: { type: 'array', items: { type: 'string' } },
    object: object({ inner: { type: 'string' } }),
  }),
  'strings of a length': object({
    long: { type: 'string', minLength: 80 },
    short: { type: 'string', maxLength: 3 },
    both: { type: 'string', minLength: 10, maxLength: 10 },
    query: { type: 'string', maxLength: 20 },
  }),
  formats: object(
    Object.fromEntries(
      ['date', 'time', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uuid'].map((format) => [
        format,
        { type: 'array', items: { type: 'string', format }, minItems: 3, uniqueItems: true },
      ]),
    ),
  ),
  patterns: object({
    code: { type: 'string', pattern: '^[A-Z]{2}-[0-9]{4}$' },
    slug: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$', minLength: 12 },
    either: { type: 'string', pattern: '^(red|green)$' },
  }),
  numbers: object({
    least: { type: 'number', minimum: 5 },
    most: { type: 'integer', maximum: -5 },
    between: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    share: { type: 'number', minimum: 0.25, maximum: 0.3 },
    step: { type: 'integer', minimum: 10, multipleOf: 7 },
    cents: { type: 'number', minimum: 1.5, multipleOf: 0.25 },
    one: { type: 'integer', minimum: 4, maximum: 4 },
    age: { type: 'integer', exclusiveMinimum: 100 },
  }),
  'choices and constants': object({
    unit: { type: 'string', enum: ['kelvin', 'celsius'] },
    kind: { const: 'weather' },
    mixed: { enum: [null, 3, 'x'] },
    several: { type: 'array', items: { enum: ['a', 'b', 'c'] }, minItems: 3, uniqueItems: true },
  }),
  combinations: object({
    any: { anyOf: [{ type: 'null' }, { type: 'integer', minimum: 3 }] },
    one: { oneOf: [object({ type: { const: 'a' } }), object({ type: { const: 'b' }, n: { type: 'number' } })] },
    all: { allOf: [{ type: 'object', required: ['a'], properties: { a: { type: 'string' } } }, { required: ['b'] }] },
    types: { type: ['null', 'string'] },
  }),
  lists: object({
    some: { type: 'array', items: { type: 'integer' }, minItems: 4, uniqueItems: true },
    none: { type: 'array', items: { type: 'string' }, maxItems: 0 },
    tuple: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'boolean' }], items: false },
    rows: { type: 'array', items: object({ id: { type: 'integer' } }), minItems: 3, uniqueItems: true },
    any: { type: 'array' },
  }),
  references: {
    $defs: { 'a/b': object({ name: { type: 'string' } }), list: { type: 'array', items: { $ref: '#/$defs/a~1b' } } },
    type: 'object',
    properties: { people: { $ref: '#/$defs/list', minItems: 2 } },
    required: ['people'],
  },
  'a tree': {
    $defs: {
      node: object({ value: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/node' } } }),
    },
    $ref: '#/$defs/node',
  },
  'a linked list': object({ value: { type: 'number' }, next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } }),
  'a required field that is not described': { type: 'object', required: ['x'] },
  'no type at all': {
    properties: { a: { minimum: 2 }, b: { items: { type: 'string' } }, c: {} },
    required: ['a', 'b'],
  },
};

describe('an instance is valid', () => {
  test.each(Object.entries(SCHEMAS))('%s', (_name, schema) => {
    for (const question of ['', 'Compare 12 cities from Berlin to New York in celsius, please.']) {
      const instance = instanceOf(schema, question);
      ajv.validate(schema, instance);
      expect(ajv.errors, JSON.stringify(instance)).toBeNull();
    }
  });

  test('a format of which there are many values gives as many', () => {
    const schema = { type: 'array', items: { type: 'string', format: 'uuid' }, minItems: 40, uniqueItems: true };
    expect(ajv.validate(schema, instanceOf(schema, ''))).toBe(true);
  });
});

describe('values from the question', () => {
  test.each([
    ['a place', { city: { type: 'string' } }, 'What is the weather in New York today?', { city: 'New York' }],
    ['a place without a preposition', { location: { type: 'string' } }, 'Is Oslo cold?', { location: 'Oslo' }],
    ['a number', { days: { type: 'integer' } }, 'Give me 5 days.', { days: 5 }],
    ['no number that does not fit', { days: { type: 'integer', maximum: 4 } }, 'Give me 5 days.', { days: 3 }],
    ['a choice', { unit: { enum: ['celsius', 'kelvin'] } }, 'In Kelvin, please.', { unit: 'kelvin' }],
    ['the question itself', { query: { type: 'string' } }, ' tea or coffee ', { query: 'tea or coffee' }],
    ['an address', { email: { type: 'string' } }, 'Write to bob@example.org.', { email: 'bob@example.org' }],
    ['a term', { expression: { type: 'string' } }, 'How much is 12 * (3 + 4)?', { expression: '12 * (3 + 4)' }],
  ])('%s', (_what, properties, question, expected) => {
    expect(instanceOf({ type: 'object', properties }, question)).toEqual(expected);
  });
});

describe('schemas made to hurt', () => {
  test.each([
    ['an endless chain of references', { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }],
    ['a tree that must branch for ever', object({ a: { $ref: '#' }, b: { $ref: '#' }, c: { $ref: '#' } })],
    ['a very long list', { type: 'array', minItems: 1e12 }],
    ['a very long text', { type: 'string', minLength: 1e12 }],
    ['a reference into nowhere', { $ref: '#/$defs/missing/deeper' }],
    ['a reference to another document', { $ref: 'https://example.com/schema' }],
    ['a pattern that is none', { type: 'string', pattern: '(' }],
    ['false', false],
    ['a list', []],
  ])('%s comes to an end', (_what, schema) => {
    expect(JSON.stringify(instanceOf(schema, '')).length).toBeLessThan(1_000_000);
  });
});
