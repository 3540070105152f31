/** Tests of loading the configurations that documents show, first on planted ones, then on those of the documents. */
import { afterAll, describe, expect, test } from 'vitest';
import { readTree } from '../house/tree.ts';
import { blocksOf, isDocument, type Block } from './blocks.ts';
import { configProblems, isConfig } from './config.ts';
import { Workshop } from './workshop.ts';

const planted = new Workshop('config-planted');
const documents = new Workshop('config');
afterAll(() => {
  planted.remove();
  documents.remove();
});

const block = (text: string, language = 'yaml', file?: string): Block => ({
  path: 'plugins/x/README.md',
  line: 10,
  language,
  run: false,
  text,
  ...(file === undefined ? {} : { file }),
});

const PLUGIN = `
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
const options = z.strictObject({ key: z.string().describe('A key.'), port: z.number().describe('A port.') });
export default definePlugin({ name: 'local', version: '1.0.0', engine: '^1', options, setup() {} });
`;

test('a configuration is loaded with the file that the document shows beside it, and made-up variables', async () => {
  planted.add(block(PLUGIN, 'ts', 'plugins/local.ts'));
  const text = `plugins:
  - use: ./plugins/local.ts
    if: env.LOCAL_KEY
    with: { key: "\${env:LOCAL_KEY}", port: "\${env:LOCAL_PORT}" }
`;
  expect(await configProblems(block(text), planted)).toEqual([]);
});

test('a problem is told at its line of the document', async () => {
  const problems = await configProblems(block('plugins: []\nmodells:\n  fast: {}\n'), planted);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('plugins/x/README.md:11 modells');
});

test('options that the plugin does not take are a problem', async () => {
  planted.add(block(PLUGIN, 'ts', 'plugins/local.ts'));
  const text = 'plugins:\n  - use: ./plugins/local.ts\n    with: { key: a, port: 1, colour: red }\n';
  expect((await configProblems(block(text), planted)).join()).toContain('README.md:12 plugins[0].with.colour');
});

test('a YAML file of another kind is not taken for a configuration', () => {
  expect(isConfig(block('plugins: []'))).toBe(true);
  expect(isConfig(block('services: { gateway: { image: x } }'))).toBe(false);
  expect(() => isConfig(block('- use: x'))).toThrow('begin with "plugins:"');
  expect(() => isConfig(block('a: [1'))).toThrow('plugins/x/README.md:10 is no YAML');
});

const shown = readTree()
  .filter(isDocument)
  .flatMap(blocksOf)
  .filter((one) => one.language === 'yaml');

describe.runIf(shown.length > 0)('the configurations in the documents', () => {
  for (const one of readTree().filter(isDocument).flatMap(blocksOf)) if (one.file !== undefined) documents.add(one);

  test.each(shown.map((one) => [`${one.path}:${one.line}`, one] as const))('%s loads', async (_where, one) => {
    if (isConfig(one)) expect(await configProblems(one, documents)).toEqual([]);
  });
});
