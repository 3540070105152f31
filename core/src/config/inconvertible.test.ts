import { expect, test } from 'vitest';
import { z } from 'zod';
import { definePlugin, type Plugin } from '../plugin.ts';
import { inconvertible } from './inconvertible.ts';

const plugin = (shape: z.ZodRawShape): Plugin =>
  definePlugin({
    name: 'acme',
    version: '1.2.3',
    engine: '^1',
    options: z.strictObject(shape),
    setup: () => undefined,
  }) as Plugin;

test.each([
  ['plain values', { a: z.string(), b: z.int().default(3), c: z.array(z.strictObject({ d: z.boolean() })) }],
  ['texts that are turned into something else', { a: z.string().transform((text) => new Date(text)) }],
  ['choices', { a: z.union([z.string(), z.record(z.string(), z.number())]).optional() }],
])('%s can be written down', (_what, shape) => {
  expect(inconvertible(plugin(shape))).toBeUndefined();
});

test.each([
  ['a date', z.date()],
  ['a large number', z.bigint().optional()],
  ['a map of a program', z.array(z.map(z.string(), z.string()))],
  ['what a program judges', z.custom<() => void>((value) => typeof value === 'function')],
])('%s cannot, and the option is named', (_what, schema) => {
  expect(inconvertible(plugin({ good: z.string(), odd: schema }))).toEqual({
    message: expect.stringMatching(
      /^acme 1\.2\.3: its option "odd" cannot be written in a configuration file \(.+\)$/,
    ) as string,
    help: expect.stringContaining('tell the author of acme') as string,
  });
});
