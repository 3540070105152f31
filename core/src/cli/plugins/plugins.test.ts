import { afterEach, expect, test } from 'vitest';
import { folderOf, removeFolder, runIn, type Outcome } from '../terminal.test.kit.ts';

let folder = '';
afterEach(() => removeFolder(folder));

const plugin = (name: string, setup: string, more = ''): string => `
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
const options = z.strictObject({ limit: z.int().optional().describe('A limit.') });
export default definePlugin({ name: '${name}', version: '1.2.3', engine: '^1', options, ${more} setup({ hooks, provide }) { ${setup} } });
`;

const packed = (name: string, source: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({
    name,
    version: '4.5.6',
    type: 'module',
    keywords: ['gatewright-plugin'],
    exports: './index.js',
  }),
  [`node_modules/${name}/index.js`]: source,
});

const FILES = {
  'gatewright.yaml':
    'plugins:\n  - { use: acme-sink, id: told }\n  - { use: acme-sink, id: more }\n  - { use: ./off.ts, if: env.NOWHERE }\n',
  'off.ts': plugin('off', ''),
  'package.json': JSON.stringify({
    dependencies: { 'acme-sink': '1', 'acme-new': '1', 'acme-state': '1', 'acme-plain': '1' },
  }),
  ...packed('acme-sink', plugin('acme-sink', 'hooks.log.tap(() => undefined); hooks.auth.tap(() => undefined);')),
  ...packed('acme-new', plugin('acme-new', '').replace("'^1'", "'^9'")),
  ...packed('acme-state', plugin('acme-state', '', "provides: ['state'], supports: { hooks: ['auth', 'call'] },")),
};

interface Listed {
  readonly engine: string;
  readonly plugins: readonly { readonly use: string; readonly fault?: { readonly message: string } }[];
}

const listed = ({ out }: Outcome, use: string): object | undefined =>
  (JSON.parse(out) as Listed).plugins.find((one) => one.use === use);

test('what the configuration names and what is installed are listed with what they do', async () => {
  folder = folderOf(FILES);
  const outcome = await runIn(folder, ['plugins', '--json']);
  expect([outcome.code, outcome.err]).toEqual([0, '']);
  const known = { version: '1.2.3', engine: '^1' };
  expect(listed(outcome, 'acme-sink')).toMatchObject({
    ...known,
    configured: ['told', 'more'],
    roles: ['auth', 'sink'],
    hooks: ['auth', 'log'],
  });
  expect(listed(outcome, './off.ts')).toEqual({
    use: './off.ts',
    name: 'off',
    ...known,
    configured: ['./off.ts (switched off)'],
    roles: [],
  });
  expect(listed(outcome, 'acme-state')).toMatchObject({
    configured: [],
    roles: ['auth', 'provider', 'state'],
    declares: ['auth', 'call'],
  });
  expect(listed(outcome, 'acme-new')).toMatchObject({
    version: '1.2.3',
    engine: '^9',
    configured: [],
    fault: { message: expect.stringContaining('was written for engine "^9"') as string },
  });
  expect(listed(outcome, '@gatewright/provider-simulated')).toMatchObject({ configured: [] });
});

test('the table shows the same, with what cannot be used, why, and what to do', async () => {
  folder = folderOf(FILES);
  const { code, out } = await runIn(folder, ['plugins']);
  expect(code).toBe(0);
  expect(out).toMatch(/^plugin +version +engine +configured as +role +hooks\n/);
  expect(out).toMatch(/^acme-sink +1\.2\.3 +\^1 +told, more +auth, sink +auth, log$/m);
  expect(out).toMatch(/^acme-state +1\.2\.3 +\^1 +no +auth, provider, state +auth, call$/m);
  expect(out).toContain('what they say of themselves');
  expect(out).toMatch(/^acme-new +1\.2\.3 +\^9 +no$/m);
  expect(out).toMatch(
    /\nnot usable: acme-new 1\.2\.3 was written for engine "\^9", and this core has [\d.]+\n {4}help: install/,
  );
  expect(out).toMatch(/\n\d+ plugins, 2 in the configuration; this core keeps engine [\d.]+\.\n$/);
});

test('a plugin that is configured and cannot be used makes the exit code 1, and the others are listed all the same', async () => {
  const yaml = 'plugins:\n  - use: acme-sink\n  - use: acme-broken\n  - use: acme-gone\n';
  folder = folderOf({ ...FILES, 'gatewright.yaml': yaml, ...packed('acme-broken', 'export const nothing = 1;') });
  const outcome = await runIn(folder, ['plugins', '--json']);
  expect(outcome.code).toBe(1);
  expect(outcome.err).toMatch(
    /^The configuration does not boot, so hooks and most roles are not known:\n.*plugins\[1\]\.use/,
  );
  expect(listed(outcome, 'acme-broken')).toMatchObject({
    version: '4.5.6',
    configured: ['acme-broken'],
    fault: { message: 'acme-broken 4.5.6 has no default export' },
  });
  expect(listed(outcome, 'acme-gone')).toMatchObject({
    fault: { message: expect.stringContaining('is not installed') as string },
  });
  expect(listed(outcome, 'acme-sink')).toMatchObject({ configured: ['acme-sink'], roles: [] });
});

test('options that no configuration can hold are said', async () => {
  const odd = plugin('acme-odd', '').replace('z.int().optional()', 'z.bigint()');
  folder = folderOf({
    ...packed('acme-odd', odd),
    'package.json': JSON.stringify({ dependencies: { 'acme-odd': '1' } }),
  });
  const { code, out } = await runIn(folder, ['plugins']);
  expect(code).toBe(0);
  expect(out).toContain('not usable: acme-odd 1.2.3: its option "limit" cannot be written in a configuration file (');
});
