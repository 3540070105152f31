/** Tests of masking: whatever shape an options schema has, no secret comes out. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { secret } from '../secret.ts';
import { MASK, masked } from './masked.ts';

const SECRET = 'sk-very-secret';

describe('a secret is masked', () => {
  const cases: readonly [where: string, schema: z.ZodType, value: unknown, shown: unknown][] = [
    [
      'at the top',
      z.strictObject({ apiKey: secret(), pace: z.number() }),
      { apiKey: SECRET, pace: 3 },
      { apiKey: MASK, pace: 3 },
    ],
    ['where it is optional', z.strictObject({ key: secret().optional() }), { key: SECRET }, { key: MASK }],
    ['with a default', z.strictObject({ key: secret().default('x') }), { key: SECRET }, { key: MASK }],
    ['described', z.strictObject({ key: secret().describe('The key.') }), { key: SECRET }, { key: MASK }],
    ['in a list', z.array(secret()), [SECRET, SECRET], [MASK, MASK]],
    [
      'in a list of maps',
      z.array(z.strictObject({ id: z.string(), key: secret() })),
      [{ id: 'a', key: SECRET }],
      [{ id: 'a', key: MASK }],
    ],
    ['in a record', z.record(z.string(), secret()), { a: SECRET }, { a: MASK }],
    ['in a tuple', z.tuple([z.string(), secret()]), ['a', SECRET], ['a', MASK]],
    ['in a union with a map', z.union([secret(), z.strictObject({ file: z.string() })]), SECRET, MASK],
    ['in a map of a union', z.union([z.string(), z.strictObject({ key: secret() })]), { key: SECRET }, { key: MASK }],
    [
      'in one of two maps',
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('a'), key: secret() }),
        z.strictObject({ kind: z.literal('b'), key: z.string() }),
      ]),
      { kind: 'a', key: SECRET },
      { kind: 'a', key: MASK },
    ],
    [
      'in an intersection',
      z.object({ a: z.string() }).and(z.object({ key: secret() })),
      { a: 'x', key: SECRET },
      { a: 'x', key: MASK },
    ],
    ['that is transformed', secret().transform((text) => text.toUpperCase()), SECRET.toUpperCase(), MASK],
    ['that became something else', secret().transform((text) => ({ text })), { text: SECRET }, MASK],
    [
      'in what became something else',
      z.strictObject({ key: secret() }).transform(({ key }) => new Map([['key', key]])),
      new Map([['key', SECRET]]),
      MASK,
    ],
    [
      'in what a schema is found for late',
      z.lazy(() => z.strictObject({ key: secret() })),
      { key: SECRET },
      { key: MASK },
    ],
    [
      'with refinements',
      z.strictObject({ key: secret() }).superRefine(() => undefined),
      { key: SECRET },
      { key: MASK },
    ],
  ];

  test.each(cases)('%s', (_where, schema, value, shown) => {
    expect(masked(schema, value)).toEqual(shown);
  });
});

test('a schema that holds itself is no trap', () => {
  const tree: z.ZodType = z.lazy(() => z.strictObject({ key: secret(), next: tree.optional() }));
  expect(masked(tree, { key: SECRET, next: { key: SECRET } })).toEqual({ key: MASK, next: { key: MASK } });
});

test('a password in a URL is masked, whatever the schema says', () => {
  const schema = z.strictObject({ url: z.string() });
  expect(masked(schema, { url: 'redis://user:hunter2@db:6379/0' })).toEqual({ url: `redis://user:${MASK}@db:6379/0` });
});

test('what is no secret is shown in a form that JSON can hold', () => {
  const schema = z.strictObject({
    amount: z.bigint(),
    form: z.custom<unknown>(),
    run: z.custom<unknown>(),
    off: z.boolean(),
  });
  const value = { amount: 12n, form: /a+/, run: () => 1, off: false };
  expect(masked(schema, value)).toEqual({ amount: '12', form: '/a+/', run: '(a function)', off: false });
});

test('nothing stays nothing', () => {
  expect(masked(z.strictObject({ key: secret().nullish() }), { key: null })).toEqual({ key: null });
  expect(masked(secret().optional(), undefined)).toBeUndefined();
});
