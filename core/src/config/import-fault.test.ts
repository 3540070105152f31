/** What is said when Node itself refuses a plugin's file. Node is asked, in a process of its own. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { folderWith } from './folder.test.fixture.ts';

const FILES: Readonly<Record<string, readonly [text: string, said: string]>> = {
  'enum.ts': [
    'export default 1;\nenum Level { Low }\n',
    './enum.ts uses TypeScript that Node cannot run: TypeScript enum is not supported in strip-only mode (<folder>/enum.ts:2)',
  ],
  'namespace.ts': [
    'namespace A { export const x = 1 }\n',
    './namespace.ts uses TypeScript that Node cannot run: TypeScript namespace declaration is not supported in strip-only mode (<folder>/namespace.ts:1)',
  ],
  'property.ts': [
    'class A { constructor(private x: number) {} }\n',
    './property.ts uses TypeScript that Node cannot run: TypeScript parameter property is not supported in strip-only mode (<folder>/property.ts:1)',
  ],
  'decorator.ts': [
    'function d(x: unknown, c: unknown) {}\nexport class A {\n  @d m() {}\n}\n',
    './decorator.ts has a syntax error: Invalid or unexpected token',
  ],
  'syntax.ts': ['export default {;\n', './syntax.ts has a syntax error: Unexpected token `;`.'],
  'syntax.js': ['export default {;\n', "./syntax.js has a syntax error: Unexpected token ';'"],
  'package.ts': [
    "import x from 'not-there';\nexport default x;\n",
    "./package.ts imports something that is not there: Cannot find package 'not-there' imported from <folder>/package.ts",
  ],
  'file.ts': [
    "import x from './not-there.js';\nexport default x;\n",
    "./file.ts imports something that is not there: Cannot find module '<folder>/not-there.js' imported from <folder>/file.ts",
  ],
  'name.ts': [
    "import { nope } from 'node:fs';\nexport default nope;\n",
    "./name.ts has a syntax error: The requested module 'node:fs' does not provide an export named 'nope' (<folder>/name.ts:1)",
  ],
  'throws.ts': [
    "const port = 1;\nthrow new Error('no port\\nand more');\nexport default port;\n",
    './throws.ts threw an error while it was imported: no port (<folder>/throws.ts:2)',
  ],
  'nothing.ts': ['throw undefined;\n', './nothing.ts threw an error while it was imported: undefined'],
  'view.tsx': [
    'export default 1;\n',
    './view.tsx is of a kind that Node cannot import: Unknown file extension ".tsx" for <folder>/view.tsx',
  ],
  'inner.ts': [
    "import x from 'typed';\nexport default x;\n",
    './inner.ts imports TypeScript from node_modules: Stripping types is currently unsupported for files under node_modules, for "<folder>/node_modules/typed/index.ts"',
  ],
};
const HELP: Readonly<Record<string, string>> = {
  'enum.ts':
    'Node runs TypeScript by erasing its types: write it without enum, namespace and parameter properties, or build it',
  'decorator.ts': 'Node cannot run decorators, if there are any: write it without, or build it',
  'package.ts': 'npm install not-there',
  'view.tsx': 'use .ts, .js or .mjs',
};

const folder = folderWith({
  ...Object.fromEntries(Object.entries(FILES).map(([name, [text]]) => [name, text])),
  'node_modules/typed/package.json': '{ "exports": "./index.ts", "type": "module" }',
  'node_modules/typed/index.ts': 'export default 1;\n',
  'good.ts': 'const kept: string = "types are erased";\nexport default kept;\n',
  'ask.mjs': `
    const { loadPlugin, importModule } = await import(process.argv[2]);
    const said = {};
    for (const name of process.argv.slice(3)) said[name] = await loadPlugin('./' + name, import.meta.dirname, importModule);
    process.stdout.write(JSON.stringify(said));
  `,
});
const module = fileURLToPath(new URL('plugin-module.ts', import.meta.url));
const output = execFileSync(
  process.execPath,
  ['--conditions', 'gatewright-source', join(folder, 'ask.mjs'), module, ...Object.keys(FILES), 'good.ts'],
  { encoding: 'utf8', env: { NODE_NO_WARNINGS: '1' } },
);
const said = JSON.parse(output.replaceAll(folder, '<folder>')) as Record<string, { message: string; help?: string }>;

test.each(Object.entries(FILES))('%s', (name, [, message]) => {
  if (name === 'syntax.ts') expect(said[name]?.message).toMatch(message);
  else expect(said[name]?.message).toBe(message);
  if (HELP[name] !== undefined) expect(said[name]?.help).toBe(HELP[name]);
});

test('a TypeScript file with erasable types is imported', () => {
  expect(said['good.ts']?.message).toBe('the default export of ./good.ts is a string, and not a plugin');
});
