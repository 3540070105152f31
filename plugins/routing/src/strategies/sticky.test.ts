/** Rendezvous hashing: the same for the same, in the shares of the weights, and only its own sessions move. */
import { expect, test } from 'vitest';
import { Sessions } from '../session.ts';
import { asked, bound, chain, chiSquare, ids, seeded, shuffled, targets } from '../rig.test.kit.ts';
import { Sticky } from './sticky.ts';

const sessions = new Sessions({ by: ['session'], header: 'x-session', prefix: 4096 });
const strategy = new Sticky(sessions);
const session = (number: number): ReturnType<typeof asked> => asked({ headers: { 'x-session': `session ${number}` } });
const random = seeded(11);
const COUNT = 20_000;

test('the same session gets the same order, in whatever order the targets come', () => {
  for (let number = 0; number < 50; number++) {
    const first = ids(chain(strategy).order(targets(10), session(number)));
    expect(ids(chain(strategy).order(shuffled(targets(10), random), session(number)))).toEqual(first);
  }
});

test('sessions are shared out by weight', () => {
  const weights = [1, 2, 3, 4, 0.5];
  const list = targets(5, (number) => ({ weight: weights[number - 1] as number }));
  const counts = weights.map(() => 0);
  for (let number = 0; number < COUNT; number++) {
    const at = Number(chain(strategy).order(list, session(number))[0]?.model) - 1;
    counts[at] = (counts[at] as number) + 1;
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  expect(
    chiSquare(
      counts,
      weights.map((weight) => (COUNT * weight) / sum),
    ),
  ).toBeLessThan(bound(5));
});

test('when a target goes, only its own sessions move, and to all the others', () => {
  const all = targets(5);
  const moved = new Set<string>();
  for (let number = 0; number < 2000; number++) {
    const before = ids(chain(strategy).order(all, session(number)));
    const after = ids(
      chain(strategy).order(
        all.filter(({ id }) => id !== 'p/3'),
        session(number),
      ),
    );
    // Also the order behind the first stays, so a target that fails is stood in for by the same one each time.
    expect(after).toEqual(before.filter((id) => id !== 'p/3'));
    if (before[0] === 'p/3') moved.add(after[0] as string);
  }
  expect([...moved].toSorted()).toEqual(['p/1', 'p/2', 'p/4', 'p/5']);
});

test('a target without weight is last', () => {
  const list = targets(3, (number) => ({ weight: number === 1 ? 0 : 1 }));
  for (let number = 0; number < 50; number++)
    expect(chain(strategy).order(list, session(number)).at(-1)?.id).toBe('p/1');
});

test('what belongs to no session keeps the order that it came in', () => {
  const list = shuffled(targets(5), random);
  expect(chain(strategy).order(list, asked())).toBe(list);
  expect(strategy.reason(list[0] as never, asked())).toBe('no session, user or long prompt: by weight');
  expect(strategy.reason(list[0] as never, session(1))).toBe('by session');
});
