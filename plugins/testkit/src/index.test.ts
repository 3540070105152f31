/** The package exports the suites that its README lists, and they need nothing of a runner but `describe` and `test`. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as testkit from './index.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('every suite is in the table of the README, and every one there is exported', () => {
  const suites = Object.keys(testkit).filter((name) => name.endsWith('Suite'));
  const listed = [...README.matchAll(/^\| `[a-z]+`\s*\| `([a-zA-Z]+Suite)`/gm)].map((match) => match[1] ?? '');
  expect(suites.toSorted()).toEqual(listed.toSorted());
  expect(suites.length).toBeGreaterThan(0);
});

test('a suite registers its tests with the runner that it is given, under names that differ', () => {
  const names: string[] = [];
  const groups: string[] = [];
  const runner: testkit.Runner = {
    describe: (name, body) => {
      groups.push(name);
      body();
    },
    test: (name) => names.push(`${groups.at(-1)} ${name}`),
  };
  testkit.storeSuite(runner, { open: () => Promise.reject(new Error('Nothing is opened before a test runs.')) });
  expect(names.length).toBeGreaterThan(15);
  expect(new Set(names).size).toBe(names.length);
});
