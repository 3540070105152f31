/** The suite passes a plugin that keeps the contract, and catches by name each that breaks one rule of it. */
import { expect, test } from 'vitest';
import { definePlugin, secret, type Plugin } from '@gatewright/core';
import { z } from 'zod';
import { resultOf } from '../failing.test.kit.ts';
import { pluginSuite } from './suite.ts';

const KEY = 'sample-key-7fQ2xLw9Zr4TbVn8';

const options = z.strictObject({
  apiKey: secret().describe('The key.'),
  pool: z.strictObject({ size: z.int().optional().describe('How many.') }).describe('The pool.'),
});

function sample(more: Record<string, unknown> = {}): Plugin {
  const parts = { name: '@gatewright/testkit', version: '0.1.0', engine: '^1', options, setup: () => undefined };
  return definePlugin({ ...parts, ...more });
}

async function failing(plugin: Plugin): Promise<readonly string[]> {
  const manifest = new URL('../../package.json', import.meta.url);
  const given = { apiKey: KEY, pool: { size: 3 } };
  return (await resultOf((runner) => pluginSuite(runner, { plugin, manifest, options: given, credentials: [KEY] })))
    .failed;
}

test('a plugin that keeps the contract passes', async () => {
  expect(await failing(sample())).toEqual([]);
});

test('names of headers are no credentials', async () => {
  const headers = z.array(z.string().regex(/^[a-z-]+$/));
  expect(
    await failing(sample({ options: options.extend({ headers: headers.prefault([]).describe('Names.') }) })),
  ).toEqual([]);
});

const DESCRIBED = 'every option is described, in a sentence';
const STRICT = 'options are strict, also those within others';
const SECRET = 'credentials, and options that may hold one, are secret';

test.each<[fault: string, more: Record<string, unknown>, caught: readonly string[]]>([
  ['has another version', { version: '9.9.9' }, ['name and version are those of the package']],
  ['is for no version of the contract', { engine: '' }, ['it was made by definePlugin, for a range of the contract']],
  [
    'takes any option',
    { options: options.loose() },
    [STRICT, 'an option that there is not is refused by name, and the message shows no credential'],
  ],
  [
    'takes any option within one',
    { options: options.extend({ pool: z.looseObject({}).describe('The pool.') }) },
    [STRICT],
  ],
  ['takes anything on a model', { modelOptions: z.looseObject({}) }, [STRICT]],
  ['does not say what an option on a target is', { targetOptions: z.strictObject({ tag: z.string() }) }, [DESCRIBED]],
  ['does not say what an option is', { options: options.extend({ more: z.string().optional() }) }, [DESCRIBED]],
  [
    'does not say what an option within one is',
    { options: options.extend({ pool: z.strictObject({ size: z.int() }).describe('The pool.') }) },
    [DESCRIBED],
  ],
  [
    'has a key that is no secret',
    { options: options.extend({ apiKey: z.string().min(1).describe('The key.') }) },
    [SECRET],
  ],
  [
    'has headers that are no secret',
    { options: options.extend({ headers: z.record(z.string(), z.string()).optional().describe('More.') }) },
    [SECRET],
  ],
  [
    'has a list of headers that is no secret',
    { options: options.extend({ headers: z.array(z.string()).optional().describe('More.') }) },
    [SECRET],
  ],
  [
    'has a key that may be empty',
    { options: options.extend({ apiKey: z.string().meta({ secret: true, description: 'The key.' }) }) },
    ['an empty credential is refused, by the name of the option'],
  ],
])('a plugin is caught that %s', async (_fault, more, caught) => {
  expect(await failing(sample(more))).toEqual(caught);
});
