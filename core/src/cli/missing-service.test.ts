/** Whoever forgets a service is told which of the installed plugins provides it. */
import { afterEach, expect, test } from 'vitest';
import { folderOf, removeFolder, runIn } from './terminal.test.kit.ts';

let folder = '';
afterEach(() => removeFolder(folder));

const plugin = (name: string, more: string): string => `
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
const options = z.strictObject({});
export default definePlugin({ name: '${name}', version: '1.0.0', engine: '^1', options, ${more} setup() {} });
`;

const packed = (name: string, source: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({
    name,
    version: '1.0.0',
    type: 'module',
    keywords: ['gatewright-plugin'],
    exports: './index.js',
  }),
  [`node_modules/${name}/index.js`]: source,
});

const dependencies = { 'acme-shared': '1', 'acme-broken': '1' };
const FILES = {
  'gatewright.yaml': 'plugins:\n  - use: ./needs.ts\nmodels: {}\n',
  'needs.ts': plugin('needs', "uses: ['state', 'bindings'],"),
  'package.json': JSON.stringify({ dependencies }),
  ...packed('acme-shared', plugin('acme-shared', "provides: ['bindings'],")),
  ...packed('acme-broken', 'throw new Error("not today");'),
};

test.each(['check', 'plan', 'start'])('%s names them, and says of the others what is missing', async (command) => {
  folder = folderOf(FILES);
  const { code, out, err } = await runIn(folder, [command]);
  expect(code).toBe(1);
  const said = out + err;
  expect(said).toContain('needs the service "bindings", and no plugin provides it.');
  expect(said).toContain('help: Installed and able to: acme-shared. For one: npx gatewright add acme-shared');
  expect(said).toContain('needs the service "state"');
  expect(said).not.toContain('not today');
});
