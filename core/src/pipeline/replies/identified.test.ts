/** An answer keeps its id and model, and gets the exchange's where it has none. */
import { expect, test } from 'vitest';
import { identified } from './identified.ts';

const exchange = { id: 'x-1', model: 'smart' };

test('what an answer tells stays, and it is the same object', () => {
  const answer = { id: 'a', model: 'm', candidates: [] };
  expect(identified(answer, exchange)).toBe(answer);
});

test('what it does not tell is filled in', () => {
  expect(identified({ id: '', model: '', more: 1 }, exchange)).toEqual({ id: 'x-1', model: 'smart', more: 1 });
  expect(identified({ id: 'a', model: '' }, exchange)).toEqual({ id: 'a', model: 'smart' });
});

test('an answer that has no place for them gets none', () => {
  const count: { id?: string; inputTokens: number } = { inputTokens: 3 };
  expect(identified(count, exchange)).toBe(count);
});
