/** What taps may take of an offer, and that who is first does not change when the others are looked at. */
import { expect, test } from 'vitest';
import { firstOf } from '../lazy-route.ts';
import type { Route, Target } from '../route.ts';
import { Offer } from './offer.ts';

const target = (id: string, weight = 1): Target => ({ id, weight }) as Target;
const own = Array.from({ length: 100 }, (_, at) => target(`a/${at}`, at % 4));
const spare = [target('b/0'), target('b/1')];
const offer = new Offer([own, spare], Math.random);

test('what was offered is known, of the model and of its fallbacks', () => {
  expect([spare[1], own[99], own[0]].every((one) => offer.has(one as Target))).toBe(true);
});

test('a target of another model is a stranger, and so is a copy of one that was offered', () => {
  expect(offer.has(target('c/0'))).toBe(false);
  expect(offer.has({ ...(own[5] as Target) })).toBe(false);
});

test('who is first stays first when the others are looked at, and each is there once', () => {
  for (let round = 0; round < 50; round++) {
    const one = new Offer([own, spare], Math.random);
    const first = firstOf(one);
    expect(one.targets[0]).toBe(first);
    expect(new Set(one.targets).size).toBe(102);
    expect(spare).toContain(one.targets[101]);
  }
});

test('who is first is one that has a weight, as often as it says, whether the others were asked for or not', () => {
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const list = [target('a/none', 0), target('a/one', 1), target('a/three', 3)];
  for (const look of [firstOf, (one: Offer) => one.targets[0]]) {
    const counts = new Map<string, number>();
    for (let round = 0; round < 4000; round++) {
      const { id = '' } = look(new Offer([list], random)) ?? {};
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    // Four deviations of a binomial distribution: 4·√(4000 · ¼ · ¾).
    expect(Math.abs((counts.get('a/one') ?? 0) - 1000)).toBeLessThan(110);
    expect(counts.has('a/none')).toBe(false);
  }
});

test('a copy with other targets does not keep who was first', () => {
  const one: Route = new Offer([own], Math.random);
  firstOf(one);
  expect(firstOf({ ...one, targets: spare })).toBe(spare[0]);
  expect({ ...one }).toEqual({ targets: one.targets });
});
