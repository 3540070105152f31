import { expect, test } from 'vitest';
import type { Target } from '../route.ts';
import { Offer } from './offer.ts';

const target = (id: string): Target => ({ id }) as Target;
const own = Array.from({ length: 100 }, (_, at) => target(`a/${at}`));
const spare = [target('b/0'), target('b/1')];
const offer = new Offer([...own.toReversed(), ...spare], [own, spare]);

test('what was offered may be left out and put in another order', () => {
  expect(offer.stranger([])).toBeUndefined();
  expect(offer.stranger([spare[1] as Target, own[99] as Target, own[0] as Target])).toBeUndefined();
});

test('a target of another model is a stranger, and so is a copy of one that was offered', () => {
  const other = target('c/0');
  expect(offer.stranger([...own, other, ...spare])).toBe(other);
  const copy = { ...(own[5] as Target) };
  expect(offer.stranger([copy])).toBe(copy);
});

test('the targets of one offer are strangers to another', () => {
  expect(new Offer(own, [own]).stranger(spare)).toBe(spare[0]);
});
