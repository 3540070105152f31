/** Tests of what `plan` and `check` say of a configuration that several processes are to serve. */
import { afterEach, expect, test } from 'vitest';
import { folderOf, removeFolder, runIn } from './terminal.test.kit.ts';

const STATE = `
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
export default definePlugin({
  name: 'house-state', version: '1.0.0', engine: '^1', options: z.strictObject({}), provides: ['state'],
  setup({ provide }) { provide('state', {}); },
});
`;

let folder = '';
afterEach(() => removeFolder(folder));

test('plan shows what lives in the primary, and what in each worker', async () => {
  folder = folderOf({
    'gatewright.yaml': `
workers: 3
plugins:
  - use: '@gatewright/dialect-openai'
  - use: '@gatewright/provider-simulated'
  - use: '@gatewright/state-memory'
models: { fast: { targets: [simulated/sim] } }
`,
  });
  const { out } = await runIn(folder, ['plan']);
  expect(out).toContain(
    'processes\n  primary    state-memory\n  3 workers  openai, simulated\n'.replace('openai,', 'dialect-openai,'),
  );
});

test('check names the plugin that refuses, and where it stands', async () => {
  folder = folderOf({ 'gatewright.yaml': 'workers: auto\nplugins:\n  - use: ./state.ts\n', 'state.ts': STATE });
  const { code, out } = await runIn(folder, ['check']);
  expect(code).toBe(1);
  expect(out).toContain(
    'gatewright.yaml:3:5  plugins[0]  house-state: Plugin "house-state" cannot be shared by several processes',
  );
  expect(out).toContain('help: Serve with "workers: 1", or take a plugin in its place that can be shared.');
  const started = await runIn(folder, ['start', '--port', '0', '--workers', '2']);
  expect(started.code).toBe(1);
  expect(started.err).toContain('Plugin "house-state" cannot be shared by several processes');
});

test('a number of workers that makes no sense is refused', async () => {
  folder = folderOf({ 'gatewright.yaml': 'workers: 0\n' });
  expect((await runIn(folder, ['check'])).out).toContain('gatewright.yaml:1:10  workers');
  const { code, err } = await runIn(folder, ['start', '--workers', 'many']);
  expect(code).toBe(1);
  expect(err).toContain('A number of workers is one from 1 to 512, or auto.');
});
