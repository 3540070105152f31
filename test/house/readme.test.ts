/** Tests of the rules of plugin folders, first on planted files, then on the repository. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fieldsOf, isStrict } from '../docs/fields.ts';
import { withOptionsTable } from '../docs/options-table.ts';
import { loadPlugin, NO_PLUGINS, pluginNames } from '../docs/plugins.ts';
import { lines } from './finding.ts';
import { badFolders, HEADINGS } from './readme.ts';
import { readTree, ROOT, type TextFile } from './tree.ts';

const readme = (...headings: readonly string[]): TextFile => ({
  path: 'plugins/acme/README.md',
  text: `# @gatewright/acme\n\nWords.\n\n${headings.map((heading) => `## ${heading}\n\nWords.\n`).join('\n')}`,
});
const conformance = { path: 'plugins/acme/src/index.test.ts', text: '' };

test('a folder with its README and conformance test has nothing to mend', () => {
  expect(badFolders([readme(...HEADINGS, 'Thanks'), conformance])).toEqual([]);
});

test.each([
  ['no README', [conformance]],
  ['no conformance test', [readme(...HEADINGS)]],
  ['headings in another order', [readme('Options', 'Install', 'Hooks', 'Failure', 'Example'), conformance]],
  ['another heading between', [readme('Install', 'Why', 'Options', 'Hooks', 'Failure', 'Example'), conformance]],
  ['another title', [{ ...readme(...HEADINGS), text: readme(...HEADINGS).text.replace('acme', 'other') }, conformance]],
  [
    'its headings in a fenced block',
    [{ ...readme(), text: `# @gatewright/acme\n\`\`\`md\n${readme(...HEADINGS).text}\`\`\`\n` }, conformance],
  ],
])('a folder with %s is found', (_what, files) => {
  expect(badFolders(files)).toHaveLength(1);
});

test('a package that is no plugin needs a README, but not those headings', () => {
  expect(badFolders([readme('Use'), conformance], ['acme'])).toEqual([]);
  expect(badFolders([readme('Use'), conformance])).toHaveLength(1);
});

test('what npm create runs has its own name', () => {
  const named = { path: 'plugins/create-acme/README.md', text: '# create-acme\n' };
  const tested = { path: 'plugins/create-acme/src/index.test.ts', text: '' };
  expect(badFolders([named, tested], ['create-acme'])).toEqual([]);
  expect(badFolders([{ ...named, text: '# @gatewright/create-acme\n' }, tested], ['create-acme'])).toHaveLength(1);
});

test('every plugin folder has its README and its conformance test', () => {
  expect(lines(badFolders(readTree(), NO_PLUGINS))).toEqual([]);
});

/** What is wrong with a plugin's options: they must refuse unknown keys, and describe every known one. */
function faults(options: z.ZodType): string[] {
  const found = isStrict(options) ? [] : ['takes unknown options: use z.strictObject'];
  for (const field of fieldsOf(options)) {
    if (field.loose) found.push(`${field.path} takes unknown options: use z.strictObject`);
    if (field.description === undefined) found.push(`${field.path} has no .describe()`);
    else if (!field.description.endsWith('.')) found.push(`${field.path} is described by no whole sentence`);
  }
  return found;
}

test('options that are loose or not described are found', () => {
  expect(faults(z.strictObject({ a: z.string().describe('A word.') }))).toEqual([]);
  expect(faults(z.object({ a: z.array(z.object({ b: z.string() })).describe('words') }))).toEqual([
    'takes unknown options: use z.strictObject',
    'a takes unknown options: use z.strictObject',
    'a is described by no whole sentence',
    'a[].b has no .describe()',
  ]);
});

describe.each(pluginNames())('%s', (name) => {
  test('takes only options that it knows, and describes each', async () => {
    expect(faults((await loadPlugin(name)).options)).toEqual([]);
  });

  test('has a README whose options table is that of its schema', async () => {
    const text = readFileSync(join(ROOT, 'plugins', name, 'README.md'), 'utf8');
    expect(text, 'run `npm run docs`').toBe(withOptionsTable(text, await loadPlugin(name)));
  });
});
