import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { deprecated } from '../deprecation.ts';
import { definePlugin } from '../plugin.ts';
import { configSchema } from './json-schema.ts';
import { loadConfig } from './load.ts';

const SOON = deprecated({ since: '1.4.0', removed: '2027-06-30', instead: '"colour"' });

const plugin = definePlugin({
  name: 'house',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({
    color: z.string().optional().describe('The colour.').meta(SOON),
    size: z.int().min(1).optional().describe('The size.').meta(SOON),
  }),
  targetOptions: z.strictObject({ tag: z.string().optional().describe('A tag.').meta(SOON) }),
  setup: () => undefined,
});

let folder: string | undefined;

afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

async function noticesOf(yaml: string) {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-deprecated-'));
  writeFileSync(join(folder, 'gatewright.yaml'), yaml);
  writeFileSync(join(folder, 'house.js'), 'export default 0;\n');
  const result = await loadConfig({
    file: 'gatewright.yaml',
    cwd: folder,
    importer: async () => ({ default: plugin }),
  });
  if ('problems' in result) throw new Error(result.problems.map(({ message }) => message).join('; '));
  return result.config.notices ?? [];
}

test('a deprecated option is told with its line, its plugin, the day and what to use', async () => {
  expect(await noticesOf('plugins:\n  - use: ./house.js\n    with:\n      color: red\n')).toEqual([
    {
      position: { file: 'gatewright.yaml', line: 4, column: 7, path: 'plugins[0].with.color' },
      plugin: 'house',
      message: 'the option "color" is deprecated since 1.4.0 and will be gone on 2027-06-30',
      help: 'use "colour" instead',
    },
  ]);
});

test('also what a target says to the plugin', async () => {
  const target = '    targets:\n      - { provider: house, model: m, with: { house: { tag: a } } }\n';
  const notices = await noticesOf(`plugins:\n  - use: ./house.js\nmodels:\n  m:\n${target}`);
  expect(notices).toMatchObject([
    { plugin: 'house', position: { line: 6, path: 'models.m.targets[0].with.house.tag' } },
  ]);
});

test('what is not used is not told', async () => {
  expect(await noticesOf('plugins:\n  - use: ./house.js\n')).toEqual([]);
});

test('editors are told', () => {
  const text = JSON.stringify(configSchema([{ use: 'house', plugin }]));
  const until = 'It is deprecated since 1.4.0 and will be gone on 2027-06-30';
  // Two options of the plugin, and the one of its targets.
  expect(text.split('"deprecated":true').length - 1).toBe(3);
  expect(text.split(until).length - 1).toBe(3);
  expect(text.includes('"deprecation"')).toBe(false);
});
