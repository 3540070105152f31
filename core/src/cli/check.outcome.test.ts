/** Tests of `gatewright check` on configurations that are well, and of what it tells programs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { folderOf, removeFolder, runIn, type Outcome } from './terminal.test.kit.ts';

let folder = '';
afterEach(() => removeFolder(folder));

function checkOf(files: Readonly<Record<string, string>>, ...words: string[]): Promise<Outcome> {
  folder = folderOf(files);
  return runIn(folder, ['check', ...words]);
}

/** A plugin in a file beside the configuration. */
const plugin = (setup: string, more = ''): string => `
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
export default definePlugin({
  name: 'house', version: '1.0.0', engine: '^1', options: z.strictObject({}), ${more}
  setup({ hooks, use }) { ${setup} },
});
`;

const HOUSE = 'plugins:\n  - use: ./house.ts\n';

describe('a good configuration', () => {
  test('is counted', async () => {
    const { code, out, err } = await checkOf({
      'gatewright.yaml': `plugins:
  - use: '@gatewright/dialect-openai'
  - use: '@gatewright/provider-simulated'
  - { use: ./nowhere.ts, if: env.NOWHERE }
models:
  fast: { targets: [simulated/sim] }
`,
    });
    expect(err).toBe('');
    expect(out).toMatch(
      /^ok {2}gatewright\.yaml: 2 plugins, 1 model, [1-9]\d* routes; 1 entry switched off by "if"\n$/,
    );
    expect(code).toBe(0);
  });

  test('in TypeScript, in another folder', async () => {
    folder = folderOf({
      'deploy/gatewright.config.ts': `
import { defineConfig, use } from '@gatewright/core';
import house from './house.ts';
export default defineConfig({ plugins: [use(house), { ...use(house), id: 'second' }] });
`,
      'deploy/house.ts': plugin(''),
    });
    mkdirSync(join(folder, 'empty'));
    const { code, out } = await runIn(join(folder, 'empty'), ['check', '--config', '../deploy']);
    expect(out).toContain('deploy/gatewright.config.ts: 2 plugins, 0 models, 0 routes\n');
    expect(code).toBe(0);
  });

  test('that was set up is taken down again, and warnings of plugins are heard', async () => {
    const setup =
      "log.warn('The house is old.'); onDispose(() => log.error('Gone.')); onReady(() => log.error('Ready.'));";
    const { code, err } = await checkOf({
      'gatewright.yaml': HOUSE,
      'house.ts': plugin(setup).replace('hooks, use', 'log, onDispose, onReady'),
    });
    expect(err).toBe('warn: The house is old. {"plugin":"house"}\nerror: Gone. {"plugin":"house"}\n');
    expect(code).toBe(0);
  });
});

describe('as JSON', () => {
  test('counts', async () => {
    const { code, out } = await checkOf({ 'gatewright.yaml': 'models: {}\n' }, '--json');
    expect(JSON.parse(out)).toEqual({
      ok: true,
      file: '<folder>/gatewright.yaml',
      plugins: 0,
      models: 0,
      routes: 0,
      skipped: 0,
    });
    expect(code).toBe(0);
  });

  test('problems, each with its place', async () => {
    const { code, out } = await checkOf({ 'gatewright.yaml': 'modles: {}\nlisten: { port: x }\n' }, '--json');
    expect(JSON.parse(out)).toEqual({
      ok: false,
      problems: [
        {
          file: 'gatewright.yaml',
          line: 1,
          column: 1,
          path: 'modles',
          message: 'unknown key "modles"',
          help: 'did you mean "models"?',
        },
        {
          file: 'gatewright.yaml',
          line: 2,
          column: 17,
          path: 'listen.port',
          message: 'must be a number, not a string',
          help: 'The port to listen on; 0 for any free one.',
        },
      ],
    });
    expect(code).toBe(1);
  });

  test('a failing setup, with the plugin', async () => {
    const { out } = await checkOf({ 'gatewright.yaml': HOUSE, 'house.ts': plugin("throw new Error('no');") }, '--json');
    expect(JSON.parse(out)).toMatchObject({ ok: false, problems: [{ code: 'GW_PLUGIN_SETUP', plugin: 'house' }] });
  });

  test('no configuration', async () => {
    const { out } = await checkOf({}, '--json');
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      problems: [{ message: 'There is no configuration in <folder>.' }],
    });
  });
});
