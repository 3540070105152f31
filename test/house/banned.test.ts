/** Tests of the table of banned things, first on planted files, then on the repository. */
import { expect, test } from 'vitest';
import { bannedThings, unfinished } from './banned.ts';
import { lines } from './finding.ts';
import { readTree } from './tree.ts';

const found = (text: string, path = 'plugins/x/src/index.ts'): string[] =>
  bannedThings([{ path, text }]).map(({ message }) => /`(.*?)`/.exec(message)?.[1] ?? message);

test.each([
  ['console.log(1);', 'console'],
  ['globalThis.console.log(1);', 'console'],
  ['process.exit(1);', 'process.exit'],
  ["import { exit } from 'node:process';", 'process.exit'],
  ['const key = process.env.KEY;', 'process.env'],
  ["const key = process['env'].KEY;", 'process.env'],
  ['const { env } = process;', 'process.env'],
  ['const id = Math.random();', 'Math.random'],
  ['const now = Date.now();', 'Date.now'],
  ['const now = Date.now;', 'Date.now'],
  ['const now = new Date();', 'new Date()'],
  ['const now = performance.now();', 'performance.now'],
  ['await fetch(url);', 'fetch'],
  ['const call = { fetch };', 'fetch'],
  ['const call = options.fetch ?? globalThis.fetch;', 'fetch'],
  ['new TransformStream();', 'TransformStream'],
  ['async function* events() {}', 'async function*'],
  ['const source = { async *events() {} };', 'async function*'],
  ['if (error instanceof GatewayError) throw error;', 'instanceof GatewayError'],
  ["import { AsyncParallelHook } from 'tapable';", 'AsyncParallelHook'],
])('%s is found', (text, what) => {
  expect(found(text)).toContain(what);
});

test.each([
  'const prices = { fetch: 1, console: 2 };',
  'prices.fetch();',
  'interface Store { fetch(): void; console: string }',
  'class Store { fetch() {} }',
  'const then = new Date(0);',
  'function* ids() {}',
  'async function load() {}',
  'if (error instanceof TypeError) throw error;',
  "const word = 'console.log';",
  '/** Never call fetch() here. */',
])('%s is no breach', (text) => {
  expect(found(text)).toEqual([]);
});

test('what has a home is allowed there, and tests are free', () => {
  expect(found('process.env.HOME;', 'core/src/config/environment.ts')).toEqual([]);
  expect(found('process.env.HOME;', 'core/src/kernel.ts')).toEqual(['process.env']);
  expect(found('Date.now();', 'core/src/clock.ts')).toEqual([]);
  expect(found('Date.now();', 'core/src/kernel.test.ts')).toEqual([]);
});

test('a comment that promises work is found, wherever it stands', () => {
  const mark = ['TO', 'DO'].join('');
  expect(unfinished([{ path: 'bench/src/run.ts', text: `let a = 1; // ${mark}: later` }])).toHaveLength(1);
  expect(unfinished([{ path: 'bench/src/run.ts', text: `const a = '${mark}';` }])).toEqual([]);
});

test('published code does nothing banned', () => {
  expect(lines(bannedThings(readTree()))).toEqual([]);
});

test('no comment promises work', () => {
  expect(lines(unfinished(readTree()))).toEqual([]);
});
