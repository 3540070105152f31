/** Tests of the size and name rules, first on planted files, then on the repository. */
import { expect, test } from 'vitest';
import { lines } from './finding.ts';
import { CORE_BUDGET, coreFolders, coreLines, countLines, emptyNames, longFiles, MAX_LINES } from './size.ts';
import { readTree } from './tree.ts';

const plant = (path: string, length = 1): { path: string; text: string } => ({ path, text: 'x\n'.repeat(length) });

test('a file may have 300 lines, and not one more', () => {
  expect(longFiles([plant('core/src/a.ts', MAX_LINES)])).toEqual([]);
  expect(lines(longFiles([plant('core/src/a.ts', MAX_LINES + 1)]))).toEqual([
    'core/src/a.ts:301 has 301 lines, 300 are allowed: split it by subject.',
  ]);
  expect(longFiles([plant('package-lock.json', 9000)])).toEqual([]);
});

test('a last line without its line break is counted too', () => {
  expect([countLines('x\ny'), countLines('x\ny\n')]).toEqual([2, 2]);
});

test.each(['core/src/utils.ts', 'core/src/helpers/a.ts', 'plugins/x/src/PoolManager.ts', 'test/string-util.test.ts'])(
  'the name %s says nothing',
  (path) => {
    expect(emptyNames([plant(path)])).toHaveLength(1);
  },
);

test.each(['core/src/commons.ts', 'core/src/management.ts', 'plugins/x/src/pool.ts', 'docs/common.md'])(
  'the name %s is fine',
  (path) => {
    expect(emptyNames([plant(path)])).toEqual([]);
  },
);

test('the budget counts the core without tests and the neutral form', () => {
  const files = [plant('core/src/a/b.ts', 7), plant('core/src/c.ts', 2), plant('core/src/a/b.test.ts', 100)];
  expect(coreLines([...files, plant('core/src/chat/part.ts', 50), plant('plugins/x/src/i.ts', 50)])).toBe(9);
  expect(coreFolders(files)).toEqual(['core/src/a 7', 'core/src 2']);
});

test('no source file is too long', () => {
  expect(lines(longFiles(readTree()))).toEqual([]);
});

test('every source file has a name that says something', () => {
  expect(lines(emptyNames(readTree()))).toEqual([]);
});

const spent = coreLines(readTree());

test(`the core stays within its budget: ${spent} of ${CORE_BUDGET} lines`, () => {
  const help = `core/src has grown: move something into a plugin. ${coreFolders(readTree()).join(', ')}`;
  expect(spent, help).toBeLessThanOrEqual(CORE_BUDGET);
});
