/** The badge is given where every test of a suite ran, and passed. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { badge, conforming } from './badge.ts';

/** Runs the tests one after the other, but for those that are left out; answers which passed. */
async function run(tests: Readonly<Record<string, () => Promise<void>>>, leftOut = ''): Promise<readonly string[]> {
  const bodies: (readonly [string, () => Promise<void>])[] = [];
  const runner = {
    describe: (_name: string, body: () => void) => body(),
    test: (name: string, body: () => Promise<void>) => void bodies.push([name, body]),
  };
  conforming(runner, 'sink', ({ describe, test: add }) => {
    describe('all', () => {
      for (const [name, body] of Object.entries(tests)) add(name, body);
    });
  });
  const passed: string[] = [];
  for (const [name, body] of bodies) {
    if (name === leftOut) continue;
    await body().then(
      () => passed.push(name),
      () => undefined,
    );
  }
  return passed;
}

const well = async (): Promise<void> => undefined;
const badly = async (): Promise<void> => {
  throw new Error('no');
};

test('it says the version of the package, and the role', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(badge('provider')).toBe(`conforms to @gatewright/testkit ${version}: provider`);
});

test('it is given for all tests, and for no fewer', async () => {
  expect(await run({ a: well, b: well })).toEqual(['a', 'b', badge('sink')]);
  expect(await run({ a: badly, b: well })).toEqual(['b']);
  expect(await run({ a: well, b: well }, 'a')).toEqual(['b']);
});
