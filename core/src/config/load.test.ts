/** Loading as a whole: everything at once, and nothing that throws. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, PLUGIN, saidOf } from './folder.test.fixture.ts';
import { loadConfig } from './load.ts';

test('all problems of all kinds come together, in the order of the file', async () => {
  const yaml = `
listen: { prot: 80 }
plugins:
  - use: ./one.ts
    with: { apiKey: "\${env:KEY}", pase: 1 }
  - use: ./missing.ts
  - use: ./one.ts
    if: env.X =
  - use: ./one.ts
    with: { apiKey: k }
models:
  smart:
    targets: [one]
    fallbacks: [fast]
limits: { body: 32 mb }
`;
  const said = await saidOf(yaml);
  expect(said.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
    'gatewright.yaml:2:11  listen.prot  unknown key "prot"',
    'gatewright.yaml:5:21  plugins[0].with.apiKey  ./one.ts: the environment variable KEY is not set',
    'gatewright.yaml:5:35  plugins[0].with.pase  one: unknown key "pase"',
    'gatewright.yaml:6:10  plugins[1].use  ./missing.ts: there is no file ./missing.ts (looked for <folder>/missing.ts)',
    'gatewright.yaml:8:9  plugins[2].if  the condition cannot be read from `=` on',
    'gatewright.yaml:9:5  plugins[3]  one: the id "one" is already taken by plugins[0], line 4',
    'gatewright.yaml:13:15  models.smart.targets[0]  must be "provider/model"',
    'gatewright.yaml:14:17  models.smart.fallbacks[0]  there is no model "fast"',
    'gatewright.yaml:15:17  limits.body  must be a size: bytes, or a text such as 500kb, 32mb or 16kib',
  ]);
});

test('an object has paths', async () => {
  const result = await loadConfig({ value: { listen: { port: -1 } }, cwd: '/', env: {} });
  expect(result).toEqual({
    problems: [
      {
        position: { path: 'listen.port' },
        message: 'must be at least 0',
        help: 'The port to listen on; 0 for any free one.',
      },
    ],
  });
});

test('an object finds plugins from its folder', async () => {
  const cwd = folderWith({ 'inner/one.ts': PLUGIN });
  const value = { plugins: [{ use: './one.ts', with: { apiKey: 'k' } }] };
  for (const options of [{ cwd: join(cwd, 'inner') }, { cwd, file: 'inner/gatewright.yaml' }]) {
    expect(await loadConfig({ value, env: {}, ...options })).toMatchObject({ config: { plugins: [{ id: 'one' }] } });
  }
});

test('the importer may be another', async () => {
  const asked: string[] = [];
  const cwd = folderWith({ 'gatewright.yaml': 'plugins: [{ use: ./one.ts }]\n', 'one.ts': '' });
  const result = await loadConfig({
    cwd,
    env: {},
    importer: (url) => {
      asked.push(url);
      return Promise.resolve({});
    },
  });
  expect(asked).toEqual([`file://${cwd}/one.ts`]);
  expect(result).toMatchObject({ problems: [{ message: './one.ts has no default export' }] });
});

test('only this folder reads the environment of the process, and only where none is given', async () => {
  process.env['GATEWRIGHT_TEST_PORT'] = '4711';
  try {
    const value = { listen: { port: '${env:GATEWRIGHT_TEST_PORT}' as unknown as number } };
    expect(await loadConfig({ value, cwd: '/' })).toMatchObject({ config: { listen: { port: 4711 } } });
    expect(await loadConfig({ value, cwd: '/', env: {} })).toHaveProperty('problems');
  } finally {
    delete process.env['GATEWRIGHT_TEST_PORT'];
  }
});
