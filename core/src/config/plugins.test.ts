/** Plugins of a configuration: their options, ids and places. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { definePlugin } from '../plugin.ts';
import { configOf, saidOf } from './folder.test.fixture.ts';
import { loadConfig } from './load.ts';
import { formatProblems } from './problems.ts';

describe('options', () => {
  test('are parsed by the schema of the plugin', async () => {
    const config = await configOf(
      'plugins:\n  - use: ./one.ts\n    with: { apiKey: k, keys: [a, { name: b, hash: c }] }\n',
    );
    expect(config.plugins).toMatchObject([
      {
        use: './one.ts',
        id: 'one',
        options: { apiKey: 'k', pace: 3, keys: ['a', { name: 'b', hash: 'c' }] },
        position: { file: 'gatewright.yaml', line: 2, column: 5, path: 'plugins[0]' },
      },
    ]);
    expect(config.plugins[0]?.plugin.name).toBe('@acme/provider-one');
  });

  const cases: readonly [name: string, options: string, said: string][] = [
    [
      'one misspelt',
      'with: { apiKey: k, pase: 5 }',
      'gatewright.yaml:3:24  plugins[0].with.pase  one: unknown key "pase"\n    help: did you mean "pace"?',
    ],
    [
      'one missing',
      'with: { pace: 5 }',
      'gatewright.yaml:3:5  plugins[0].with.apiKey  one: is required\n    help: The key of the account.',
    ],
    [
      'all missing',
      'id: two',
      'gatewright.yaml:2:5  plugins[0].with.apiKey  two: is required\n    help: The key of the account.',
    ],
    [
      'nothing after with',
      'with:',
      'gatewright.yaml:3:5  plugins[0].with.apiKey  one: is required\n    help: The key of the account.',
    ],
    [
      'one without a value',
      'with: { apiKey: }',
      'gatewright.yaml:3:13  plugins[0].with.apiKey  one: must be a string, not empty\n    help: The key of the account.',
    ],
    [
      'an empty secret',
      'with: { apiKey: "" }',
      'gatewright.yaml:3:21  plugins[0].with.apiKey  one: must not be empty\n    help: The key of the account.',
    ],
    [
      'one too small',
      'with: { apiKey: k, pace: 0 }',
      'gatewright.yaml:3:30  plugins[0].with.pace  one: must be at least 1\n    help: Tokens per second.',
    ],
    [
      'no URL',
      'with: { apiKey: k, baseUrl: example }',
      'gatewright.yaml:3:33  plugins[0].with.baseUrl  one: must be a valid URL\n    help: Where the provider is.',
    ],
    [
      'a choice that is none',
      'with: { apiKey: k, mode: slow }',
      'gatewright.yaml:3:30  plugins[0].with.mode  one: must be one of "fast", "careful"\n    help: How it works.',
    ],
    [
      'neither of two forms',
      'with: { apiKey: k, keys: [5] }',
      'gatewright.yaml:3:31  plugins[0].with.keys[0]  one: must be a string or a map of keys and values',
    ],
    [
      'the second form, not complete',
      'with: { apiKey: k, keys: [{ name: a, hsh: b }] }',
      [
        'gatewright.yaml:3:31  plugins[0].with.keys[0].hash  one: is required',
        'gatewright.yaml:3:42  plugins[0].with.keys[0].hsh  one: unknown key "hsh"\n    help: did you mean "hash"?',
      ].join('\n'),
    ],
  ];
  test.each(cases)('%s', async (_, options, said) => {
    expect(await saidOf(`plugins:\n  - use: ./one.ts\n    ${options}\n`)).toBe(said);
  });

  test('no value of an option is ever shown', async () => {
    const said = await saidOf(
      'plugins:\n  - use: ./one.ts\n    with: { apiKey: [sk-live-1], baseUrl: sk-live-2, pace: sk-live-3, mode: sk-live-4, keys: [{ name: 5, hash: [sk-live-5] }] }\n',
    );
    expect(said.split('\n').filter((line) => line.startsWith('gatewright.yaml'))).toHaveLength(6);
    expect(said).not.toContain('sk-live');
  });

  test('a schema that is not strict is kept strict all the same, with its own checks', async () => {
    const files = {
      'loose.ts': `
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
export default definePlugin({ name: 'loose', version: '1.0.0', engine: '^1', setup() {},
  options: z.object({ low: z.number(), high: z.number() })
    .refine((o) => o.low < o.high, { error: 'must have low below high', path: ['low'] }) });
`,
    };
    const one = 'plugins:\n  - { use: ./loose.ts, with: { low: 1, high: 2, hihg: 3 } }\n';
    expect(await saidOf(one, { files })).toBe(
      'gatewright.yaml:2:49  plugins[0].with.hihg  loose: unknown key "hihg"\n    help: did you mean "high"?',
    );
    const two = 'plugins:\n  - { use: ./loose.ts, with: { low: 2, high: 1 } }\n';
    expect(await saidOf(two, { files })).toBe(
      'gatewright.yaml:2:37  plugins[0].with.low  loose: must have low below high',
    );
  });

  test('a schema that throws is the fault of the plugin', async () => {
    const plugin = definePlugin({
      name: 'odd',
      version: '1.0.0',
      engine: '^1',
      options: z.strictObject({
        a: z.string().refine(() => {
          throw new Error('sk-live-1');
        }),
      }),
      setup() {},
    });
    const result = await loadConfig({ value: { plugins: [{ use: plugin, with: { a: 'x' } }] }, cwd: '/', env: {} });
    expect(result).toMatchObject({ problems: [{ message: 'the options schema of the plugin threw an error' }] });
  });
});

describe('ids', () => {
  test('the same plugin twice needs ids', async () => {
    const entry = '  - use: ./one.ts\n    with: { apiKey: k }\n';
    expect(await saidOf(`plugins:\n${entry}${entry}`)).toBe(
      'gatewright.yaml:4:5  plugins[1]  one: the id "one" is already taken by plugins[0], line 2\n' +
        '    help: give this one an id of its own, such as "id: one-2"',
    );
    const config = await configOf(`plugins:\n${entry}${entry}    id: other\n`);
    expect(config.plugins.map(({ id }) => id)).toEqual(['one', 'other']);
    expect(config.plugins[0]?.plugin).toBe(config.plugins[1]?.plugin);
  });

  test('a plugin without an id of its own has its name without the scope', async () => {
    const plugin = definePlugin({
      name: '@acme/guard',
      version: '1.0.0',
      engine: '^1',
      options: z.strictObject({}),
      setup() {},
    });
    const result = await loadConfig({ value: { plugins: [{ use: plugin }, { use: plugin }] }, cwd: '/', env: {} });
    expect('problems' in result && formatProblems(result.problems)).toBe(
      'plugins[1]  guard: the id "guard" is already taken by plugins[0]\n' +
        '    help: give this one an id of its own, such as "id: guard-2"',
    );
  });
});
