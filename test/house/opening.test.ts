/** Tests of the rules of openings and of tests beside, first on planted files, then on the repository. */
import { expect, test } from 'vitest';
import { lines } from './finding.ts';
import { strayTests, untested, wordless } from './opening.ts';
import { readTree, type TextFile } from './tree.ts';

const plant = (path: string, text = 'export const a = 1;'): TextFile => ({ path, text });

test.each(['export const a = 1;', '// What it is.\nexport const a = 1;', '/* What. */', '\n/** Late. */', ''])(
  'a file that begins with %j is wordless',
  (text) => {
    expect(wordless([plant('core/src/a.ts', text)])).toHaveLength(1);
  },
);

test.each(['/** What it is for. */\nexport const a = 1;', '#!/usr/bin/env node\n/** A command. */'])(
  'a file that begins with %j is not',
  (text) => {
    expect(wordless([plant('core/src/a.ts', text)])).toEqual([]);
  },
);

test('a test beside its file has said it with its name', () => {
  expect(wordless([plant('core/src/a.test.ts')])).toEqual([]);
  expect(wordless([plant('test/e2e/a.test.ts')])).toHaveLength(1);
});

test('a folder of running code without a test is found, a folder of types is not', () => {
  const files = [
    plant('core/src/kernel/a.ts'),
    plant('core/src/sse/b.ts'),
    plant('core/src/sse/b.test.ts'),
    plant('core/src/chat/c.ts', "import type { X } from './x.ts';\nexport interface C { x: X }"),
    plant('plugins/x/src/index.ts', 'export default 1;'),
    plant('bench/src/run.ts'),
  ];
  expect(untested(files).map(({ path }) => path)).toEqual(['core/src/kernel', 'plugins/x/src']);
});

test('a test that has no file of its name beside it is found', () => {
  const files = [
    plant('core/src/a.ts'),
    plant('core/src/a.test.ts'),
    plant('core/src/a.stream.test.ts'),
    plant('core/src/b.test.ts'),
    plant('test/e2e/c.test.ts'),
  ];
  expect(strayTests(files).map(({ path }) => path)).toEqual(['core/src/b.test.ts']);
});

test('every source file begins by saying what it is for', () => {
  expect(lines(wordless(readTree()))).toEqual([]);
});

test('every folder of published code has a test', () => {
  expect(lines(untested(readTree()))).toEqual([]);
});

test('every test of published code stands beside what it tests', () => {
  expect(lines(strayTests(readTree()))).toEqual([]);
});
