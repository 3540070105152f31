/** Tests of how V8 is told to spare memory. */
import { spawnSync } from 'node:child_process';
import { beforeEach, expect, test } from 'vitest';
import { spareMemory } from './sparing.ts';

const LIMITS = ['--max-semi-space-size=8', '--min-semi-space-size=4'];
let flags: string[] = [];
const set = (flag: string): void => void flags.push(flag);

beforeEach(() => {
  flags = [];
});

test('V8 is told to spare memory, and in the end is as it was', () => {
  const end = spareMemory(LIMITS, set);
  const [growing, ...compilers] = flags;
  expect(growing).toBe('--heap-growing-percent=100');
  expect(compilers.every((flag) => flag.startsWith('--no-'))).toBe(true);
  flags = [];
  end();
  expect(flags).toEqual(['--heap-growing-percent=0', ...compilers.map((flag) => flag.replace('--no-', '--'))]);
});

test.each([[['--max-semi-space-size=32']], [[]]])('with %j from the operator, V8 is left alone', (given) => {
  spareMemory(given, set)();
  expect(flags).toEqual([]);
});

test('this Node knows all the flags', () => {
  spareMemory(LIMITS, set)();
  const { status, stderr } = spawnSync(process.execPath, [...flags, '-e', '0'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
