/** The files that a configuration may be in. */
import { utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, PLUGIN } from './folder.test.fixture.ts';
import { loadConfig, type LoadOptions } from './load.ts';
import { formatProblems } from './problems.ts';

async function portOr(cwd: string, options: LoadOptions = {}): Promise<number | string> {
  const result = await loadConfig({ cwd, env: {}, ...options });
  return 'config' in result ? result.config.listen.port : formatProblems(result.problems).replaceAll(cwd, '<folder>');
}

describe('found', () => {
  test.each([
    ['gatewright.yaml', 'listen: { port: 7 }\n'],
    ['gatewright.yml', 'listen: { port: 7 }\n'],
    ['gatewright.json', '{\n\t"$schema": "./gatewright.schema.json",\n\t"listen": { "port": 7 }\n}\n'],
    ['gatewright.config.ts', 'const port: number = 7;\nexport default { listen: { port } };\n'],
    ['gatewright.config.js', 'export default { listen: { port: 7 } };\n'],
    ['gatewright.config.mjs', 'export default { listen: { port: 7 } };\n'],
  ])('%s, in a folder and by its name', async (name, text) => {
    const cwd = folderWith({ [`inner/${name}`]: text, 'package.json': '{ "type": "module" }' });
    expect(await portOr(join(cwd, 'inner'))).toBe(7);
    expect(await portOr(cwd, { file: 'inner' })).toBe(7);
    expect(await portOr(cwd, { file: `inner/${name}` })).toBe(7);
    expect(await portOr('/', { file: join(cwd, 'inner', name) })).toBe(7);
  });

  test('under another name', async () => {
    expect(await portOr(folderWith({ 'staging.yaml': 'listen: { port: 8 }\n' }), { file: 'staging.yaml' })).toBe(8);
  });
});

describe('not found', () => {
  test.each([
    [
      'an empty folder',
      {},
      {},
      '.  there is no configuration in this folder\n    help: looked for gatewright.yaml, gatewright.yml, gatewright.json, gatewright.config.ts, gatewright.config.js, gatewright.config.mjs; name another file with --config',
    ],
    [
      'two of them',
      { 'gatewright.yaml': '', 'gatewright.config.ts': '' },
      {},
      '.  there is more than one configuration: gatewright.yaml and gatewright.config.ts\n    help: name one of them with --config',
    ],
    [
      'a file that is not there',
      {},
      { file: 'gw.yaml' },
      'gw.yaml  there is no such file\n    help: looked for <folder>/gw.yaml',
    ],
    [
      'a kind of file that is none',
      { 'gw.toml': '' },
      { file: 'gw.toml' },
      'gw.toml  is of no kind that a configuration can have\n    help: use .yaml, .json, .ts or .js',
    ],
    [
      'code that exports nothing',
      { 'gatewright.config.ts': 'export const config = {};\n' },
      {},
      'gatewright.config.ts  has no default export\n    help: write: export default defineConfig({ … })',
    ],
    [
      'code that exports something else',
      { 'gatewright.config.ts': 'export default () => ({});\n' },
      {},
      'gatewright.config.ts  must be a map, not a function\n    help: begin with "plugins:" and "models:"',
    ],
  ])('%s', async (_, files, options, said) => {
    expect(await portOr(folderWith(files), options)).toBe(said);
  });

  test('code that throws', async () => {
    const said = await portOr(folderWith({ 'gatewright.config.ts': "throw new Error('no luck');\n" }));
    expect(said).toMatch(
      /^gatewright\.config\.ts {2}gatewright\.config\.ts threw an error while it was imported: no luck/,
    );
  });
});

test('JSON has lines and columns too', async () => {
  const cwd = folderWith({ 'gatewright.json': '{\n  "listen": {\n    "prot": 1\n  }\n}\n' });
  expect(await portOr(cwd)).toBe(
    'gatewright.json:3:5  listen.prot  unknown key "prot"\n    help: did you mean "port"?',
  );
});

test('TypeScript has paths, and the file in front', async () => {
  const text = `import one from './one.ts';\nexport default { plugins: [{ use: one, with: { pace: 5 } }, { use: './two.ts' }] };\n`;
  const cwd = folderWith({ 'conf/gatewright.config.ts': text, 'conf/one.ts': PLUGIN });
  expect(await portOr(cwd, { file: 'conf' })).toBe(
    [
      'conf/gatewright.config.ts  plugins[0].with.apiKey  one: is required',
      '    help: The key of the account.',
      'conf/gatewright.config.ts  plugins[1].use  ./two.ts: there is no file ./two.ts (looked for <folder>/conf/two.ts)',
    ].join('\n'),
  );
});

test('a file outside the working directory is shown with its whole path', async () => {
  const cwd = folderWith({ 'a/gatewright.yaml': 'limts: {}\n', 'b/x': '' });
  const said = await portOr(join(cwd, 'b'), { file: '../a' });
  expect(said).toMatch(join(cwd, 'a/gatewright.yaml') + ':1:1  limts');
  expect(dirname(cwd)).not.toBe(cwd);
});

test('a changed TypeScript configuration is read anew', async () => {
  const cwd = folderWith({ 'gatewright.config.ts': 'export default { listen: { port: 1 } };\n' });
  const file = join(cwd, 'gatewright.config.ts');
  expect(await portOr(cwd)).toBe(1);
  writeFileSync(file, 'export default { listen: { port: 2 } };\n');
  utimesSync(file, 1, 1);
  expect(await portOr(cwd)).toBe(2);
});
