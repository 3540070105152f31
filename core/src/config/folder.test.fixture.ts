/** A temporary folder with a configuration, plugins and packages in it, for the tests of this folder. */
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, type LoadOptions } from './load.ts';
import type { NormalConfig } from './normal.ts';
import { formatProblems } from './problems.ts';

/** The source of a plugin with a bit of everything in its options. */
export const PLUGIN = `
import { definePlugin, secret } from '@gatewright/core';
import { z } from 'zod';
export default definePlugin({
  name: '@acme/provider-one', version: '1.2.3', engine: '^1', id: 'one',
  options: z.strictObject({
    apiKey: secret().describe('The key of the account.'),
    baseUrl: z.url().optional().describe('Where the provider is.'),
    pace: z.number().min(1).default(3).describe('Tokens per second.'),
    loud: z.boolean().optional().describe('Whether it says more.'),
    mode: z.enum(['fast', 'careful']).optional().describe('How it works.'),
    keys: z.array(z.union([z.string(), z.strictObject({ name: z.string(), hash: z.string() })])).optional()
      .describe('Keys.'),
  }),
  setup() {},
});
`;

/** Writes files into a new folder, in which the core and zod can be imported. Answers with its path. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gatewright-config-')));
  mkdirSync(join(folder, 'node_modules/@gatewright'), { recursive: true });
  symlinkSync(fileURLToPath(new URL('../../', import.meta.url)), join(folder, 'node_modules/@gatewright/core'));
  const zod = dirname(createRequire(import.meta.url).resolve('zod/package.json'));
  symlinkSync(zod, join(folder, 'node_modules/zod'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** The problems of a YAML configuration as people read them, or '' where there are none. `./one.ts` is the plugin above. */
export async function saidOf(
  yaml: string,
  options: LoadOptions & { files?: Record<string, string> } = {},
): Promise<string> {
  const { files, ...others } = options;
  const cwd = folderWith({ 'gatewright.yaml': yaml, 'one.ts': PLUGIN, ...files });
  const result = await loadConfig({ cwd, env: {}, ...others });
  return 'problems' in result ? formatProblems(result.problems).replaceAll(cwd, '<folder>') : '';
}

/** The normal form of a YAML configuration. Throws its problems, where it has any. */
export async function configOf(yaml: string, options: LoadOptions = {}): Promise<NormalConfig> {
  const cwd = folderWith({ 'gatewright.yaml': yaml, 'one.ts': PLUGIN });
  const result = await loadConfig({ cwd, env: {}, ...options });
  if ('problems' in result) throw new Error(formatProblems(result.problems));
  return result.config;
}
