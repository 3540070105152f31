/** A plain store passes the suite, and each way of breaking it is found. */
import { expect, test } from 'vitest';
import { MemoryStore, type Flaw } from './memory-store.test.kit.ts';
import { storeSuite } from './suite.ts';

/** Runs the suite on stores with a flaw. Answers the names of the tests that failed. */
async function failures(flaw?: Flaw): Promise<string[]> {
  const tests: [string, () => Promise<void>][] = [];
  const runner = {
    describe: (_name: string, body: () => void) => body(),
    test: (name: string, body: () => Promise<void>) => void tests.push([name, body]),
  };
  storeSuite(runner, {
    async open() {
      const store = new MemoryStore(flaw);
      return { store, replica: store, close: () => Promise.resolve() };
    },
  });
  const failed: string[] = [];
  for (const [name, body] of tests) await body().catch(() => failed.push(name));
  return failed;
}

test('a store without a flaw passes', async () => {
  expect(await failures()).toEqual([]);
});

test.each<[Flaw, RegExp]>([
  ['keeps half of a batch', /changes nothing of its batch/],
  ['forgets the conditions of writes', /one wins/],
  ['finds by any field', /all of which must match/],
  ['pages in the order of the locale', /in the order of their bytes/],
  ['keeps audit entries of refused changes', /leaves no audit entry/],
  ['skips changes when read in pieces', /misses nothing/],
  ['counts rows twice', /counts once/],
  ['adds what it should replace', /takes the place of an orphaned one/],
  ['forgets what is late', /marks the one that is there/],
  ['sums limits too', /those of the postings/],
  ['reports adjustments as requests', /adjustments are no requests/],
  ['finds what nobody keeps', /what a provider keeps/],
  ['raises the epoch again and again', /rises once/],
])('a store that %s is found', async (flaw, name) => {
  expect(await failures(flaw)).toContainEqual(expect.stringMatching(name));
});
