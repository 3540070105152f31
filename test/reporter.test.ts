/** Tests of the line of counts, on a planted run. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './house/tree.ts';

const folder = join(ROOT, 'test', '.blocks', 'reporter');

/** Runs one test file and answers with the exit code and the last line of what was printed. */
function run(text: string): [number | null, string | undefined] {
  writeFileSync(join(folder, 'planted.test.js'), `import { test, describe, beforeAll } from 'vitest';\n${text}`);
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const words = [vitest, 'run', '--root', folder, '--config', join(folder, 'vitest.config.js')];
  const { status, stdout } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return [status, stdout.trimEnd().split('\n').at(-1)];
}

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  const config = { test: { include: ['*.test.js'], reporters: ['default', join(ROOT, 'test', 'reporter.ts')] } };
  writeFileSync(join(folder, 'vitest.config.js'), `export default ${JSON.stringify(config)};`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what passed, failed and was skipped is counted', () => {
  const text = "test('a', () => {}); test('b', () => { throw new Error('x'); }); test.skip('c', () => {});";
  expect(run(text)).toEqual([1, '1 passed, 1 failed, 1 skipped']);
});

test('a hook that fails is a failure, though its tests only did not run', () => {
  const inner = "describe('s', () => { beforeAll(() => { throw new Error('x'); }); test('b', () => {}); });";
  expect(run(`test('a', () => {}); ${inner}`)).toEqual([1, '1 passed, 1 failed, 1 skipped']);
  expect(run("beforeAll(() => { throw new Error('x'); }); test('b', () => {});")).toEqual([
    1,
    '0 passed, 1 failed, 1 skipped',
  ]);
});

test('a file that does not load is a failure', () => {
  expect(run("import './gone.js';")).toEqual([1, '0 passed, 1 failed, 0 skipped']);
});
