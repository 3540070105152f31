/** Tests of how V8 is told to spare memory. */
import { spawnSync } from 'node:child_process';
import { cachedDataVersionTag, setFlagsFromString } from 'node:v8';
import { beforeEach, expect, test } from 'vitest';
import { flagsOfWorkers, freeThreads, spareMemory } from './sparing.ts';

const LIMITS = ['--max-semi-space-size=8', '--min-semi-space-size=4'];
let flags: string[] = [];
const set = (flag: string): void => void flags.push(flag);

beforeEach(() => {
  flags = [];
});

test('V8 is told to spare memory, and in the end is as it was', () => {
  const end = spareMemory(LIMITS, set);
  expect(flags).toContain('--heap-growing-percent=40');
  expect(flags).toContain('--no-wasm-loop-unrolling');
  expect(flags).toContain('--memory-reducer-gc-count=0');
  const given = flags;
  flags = [];
  end();
  const names = (set: readonly string[]): string[] => set.map((flag) => flag.replace(/^--(?:no-)?|=.*/g, ''));
  expect(names(flags)).toEqual(names(given));
});

test('code that was compiled meanwhile is of the same kind as what the next start compiles', () => {
  const before = cachedDataVersionTag();
  const end = spareMemory(LIMITS, setFlagsFromString);
  const meanwhile = cachedDataVersionTag();
  end();
  expect([meanwhile !== before, cachedDataVersionTag()]).toEqual([true, before]);
});

test.each([[['--max-semi-space-size=32']], [[]]])('with %j from the operator, V8 is left alone', (given) => {
  spareMemory(given, set)();
  expect(flags).toEqual([]);
});

test('workers have a larger young generation, unless the operator has set one', () => {
  expect(flagsOfWorkers([...LIMITS, '--import=x'])).toEqual(['--max-semi-space-size=32', LIMITS[1], '--import=x']);
  expect(flagsOfWorkers(['--max-semi-space-size=16'])).toEqual(['--max-semi-space-size=16']);
});

test("a worker's threads have limits of their own, or the operator's", () => {
  freeThreads(flagsOfWorkers(LIMITS), set);
  expect(flags.splice(0)).toEqual(['--max-semi-space-size=0', '--min-semi-space-size=0']);
  freeThreads(['--max-semi-space-size=16'], set);
  expect(flags).toEqual([]);
});

test('this Node knows all the flags', () => {
  spareMemory(LIMITS, set)();
  const { status, stderr } = spawnSync(process.execPath, [...flags, '-e', '0'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
