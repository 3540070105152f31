/** Tests of watching a configuration file: everything that editors, links and tools do to files. */
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { folderOf, removeFolder } from './terminal.test.kit.ts';
import { Watcher } from './watcher.ts';

/** A clock with one task, which tests run. */
class OneTask implements Clock {
  task: (() => void) | undefined;
  now = (): number => 0;
  monotonic = (): number => 0;

  after(_delay: number, task: () => void): () => void {
    this.task = task;
    return () => (this.task = undefined);
  }

  tick(times = 1): void {
    for (let left = times; left > 0; left--) this.task?.();
  }
}

let folder = '';
let clock = new OneTask();
let told = 0;
let watcher: Watcher | undefined;
const file = (): string => join(folder, 'gatewright.yaml');

function watch(path: string): void {
  watcher = new Watcher(path, clock, () => told++);
}

beforeEach(() => {
  folder = folderOf({ 'gatewright.yaml': 'a: 1\n' });
  clock = new OneTask();
  told = 0;
});
afterEach(() => {
  watcher?.stop();
  removeFolder(folder);
});

test('nothing is told of a file that stays, or is only touched', () => {
  watch(file());
  clock.tick(5);
  utimesSync(file(), 1, 1);
  clock.tick(5);
  writeFileSync(file(), 'a: 1\n');
  clock.tick(5);
  expect(told).toBe(0);
});

test('a change is told once, when it stands still', () => {
  watch(file());
  writeFileSync(file(), 'a: 2');
  clock.tick();
  expect(told).toBe(0);
  writeFileSync(file(), 'a: 2, and longer\n');
  clock.tick();
  expect(told).toBe(0);
  clock.tick();
  expect(told).toBe(1);
  clock.tick(5);
  expect(told).toBe(1);
});

test('a file that is replaced by renaming, also one that is away in between, is told of', () => {
  watch(file());
  writeFileSync(join(folder, 'next'), 'a: 3\n');
  renameSync(join(folder, 'next'), file());
  clock.tick(2);
  expect(told).toBe(1);
  unlinkSync(file());
  clock.tick(5);
  expect(told).toBe(1);
  writeFileSync(file(), 'a: 4\n');
  clock.tick(2);
  expect(told).toBe(2);
});

test('a link to a folder that is swapped, as a mounted map does it, is told of', () => {
  for (const [name, text] of [
    ['one', 'a: 1\n'],
    ['two', 'a: 2\n'],
  ] as const) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'gatewright.yaml'), text);
  }
  rmSync(file());
  symlinkSync('one', join(folder, 'data'));
  symlinkSync(join('data', 'gatewright.yaml'), file());
  watch(file());
  symlinkSync('two', join(folder, 'data-next'));
  renameSync(join(folder, 'data-next'), join(folder, 'data'));
  clock.tick(2);
  expect(told).toBe(1);
});

test('a folder is watched for the configuration in it', () => {
  watch(folder);
  writeFileSync(join(folder, 'other.yaml'), 'b: 1\n');
  clock.tick(3);
  expect(told).toBe(0);
  writeFileSync(file(), 'a: 5\n');
  clock.tick(2);
  expect(told).toBe(1);
});

test('after its stop it looks no more', () => {
  watch(file());
  watcher?.stop();
  expect(clock.task).toBeUndefined();
});
