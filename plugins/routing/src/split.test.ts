/** Splits: the shares hold, one by one and by session, and nobody is left without a reserve. */
import { expect, test } from 'vitest';
import { Sessions } from './session.ts';
import { asked, bound, chain, chiSquare, ids, seeded, target } from './rig.test.kit.ts';
import { Split } from './split.ts';

const GROUPS: Readonly<Record<string, string>> = { 'p/1': 'stable', 'p/2': 'canary', 'p/3': 'stable' };
const LIST = ['p/1', 'p/2', 'p/3', 'p/4'].map((id) => target(id));
const sessions = new Sessions({ by: ['session'], header: 'x-session', prefix: 4096 });
const make = (shares: Record<string, number>, sticky: boolean, seed = 1): Split =>
  new Split({ shares, sticky }, ({ id }) => GROUPS[id] ?? id, sessions, seeded(seed));

const COUNT = 10_000;
const SHARES = { stable: 90, canary: 9, 'p/4': 1 };

test.each([false, true])('the shares hold; sticky: %s', (sticky) => {
  const split = make(SHARES, sticky);
  const counts = { stable: 0, canary: 0, 'p/4': 0 };
  for (let number = 0; number < COUNT; number++) {
    const order = chain(split).order(LIST, asked({ headers: { 'x-session': `s${number}` } }));
    counts[(GROUPS[order[0]?.id as string] ?? 'p/4') as keyof typeof counts]++;
  }
  expect(chiSquare(Object.values(counts), [9000, 900, 100])).toBeLessThan(bound(3));
});

test('the group that was chosen is first, the others stay behind in their order', () => {
  expect(ids(chain(make({ stable: 100 }, false)).order(LIST, asked()))).toEqual(['p/1', 'p/3', 'p/2', 'p/4']);
  expect(ids(chain(make({ canary: 100 }, false)).order(LIST, asked()))).toEqual(['p/2', 'p/1', 'p/3', 'p/4']);
});

test('a group without targets of its own left leaves the others as they were', () => {
  const rest = LIST.filter(({ id }) => id !== 'p/2');
  expect(chain(make({ canary: 100 }, false)).order(rest, asked())).toEqual(rest);
});

test('sticky: the same session, or else the same key, always comes to the same group', () => {
  const split = make({ stable: 50, canary: 50 }, true);
  const firstOf = (key: string, session?: string): string | undefined =>
    chain(split).order(
      LIST,
      asked({ identity: { key }, headers: session === undefined ? {} : { 'x-session': session } }),
    )[0]?.id;
  const keys = Array.from({ length: 100 }, (_, number) => `k${number}`);
  for (const key of keys) expect(firstOf(key)).toBe(firstOf(key));
  expect(new Set(keys.map((key) => firstOf(key))).size).toBe(2);
  expect(new Set(keys.map((session) => firstOf('k', session))).size).toBe(2);
});

test('not the same callers are the first of every model', () => {
  const split = make({ stable: 50, canary: 50 }, true);
  const keys = Array.from({ length: 400 }, (_, number) => `k${number}`);
  const same = keys.filter((key) => {
    const [one, other] = ['smart', 'fast'].map(
      (model) => chain(split).order(LIST, asked({ model, identity: { key } }))[0]?.id,
    );
    return one === other;
  });
  expect(same.length).toBeGreaterThan(150);
  expect(same.length).toBeLessThan(250);
});

test('more of the traffic moves only those who have to', () => {
  const keys = Array.from({ length: 1000 }, (_, number) => `k${number}`);
  const canaries = (share: number): string[] => {
    const split = make({ canary: share, stable: 100 - share }, true);
    return keys.filter((key) => chain(split).order(LIST, asked({ identity: { key } }))[0]?.id === 'p/2');
  };
  const [few, more] = [canaries(5), canaries(20)];
  expect(few.every((key) => more.includes(key))).toBe(true);
});

test('says the group and its share', () => {
  expect(LIST.map((one) => make(SHARES, false).reason(one))).toEqual([
    'stable 90 %',
    'canary 9 %',
    'stable 90 %',
    'p/4 1 %',
  ]);
});
