/** Whose settings count for a target. */
import { expect, test } from 'vitest';
import { describeTerms } from './described.ts';
import { options } from './options.ts';
import { model, target } from './stage.test.kit.ts';
import { TermsBook } from './terms.ts';

const book = (models: readonly ReturnType<typeof model>[], given = {}): TermsBook =>
  new TermsBook(options.parse(given), models, 'breakers');

test('what stands on a target goes before its model, and that before the options', () => {
  const models = [
    model('plain', ['a/1']),
    model('strict', ['a/2'], { with: { breakers: { failures: 2, pause: 60_000 } } }),
  ];
  const terms = book(models, { failures: 9, window: '1m' });
  expect(terms.of(target('a/1', { of: 'plain' }))).toBe(terms.common);
  expect(terms.common).toMatchObject({ failures: 9, window: 60_000, pause: 10_000, longest: 300_000 });
  expect(terms.of(target('a/2', { of: 'strict' }))).toMatchObject({ failures: 2, window: 60_000, pause: 60_000 });
  const own = target('a/2', { of: 'strict', with: { breakers: { failures: 1 }, other: { failures: 7 } } });
  expect(terms.of(own)).toMatchObject({ failures: 1, pause: 60_000 });
});

test('the longest opening is not shorter than the first', () => {
  expect(book([], { pause: '10m', longest: '1m' }).common).toMatchObject({ pause: 600_000, longest: 600_000 });
});

test('one target under two settings is refused, with both places; the same settings twice are not', () => {
  const strict = { with: { breakers: { failures: 2 } } };
  expect(() => book([model('m', ['a/1'], strict), model('n', ['a/1'])])).toThrow(
    'the target a/1 stands in "m" and in "n", with different settings under "with.breakers"',
  );
  expect(() => book([model('m', ['a/1'], strict), model('n', ['a/1'], strict)])).not.toThrow();
  expect(() => book([model('m', ['a/1', 'a/1'])])).not.toThrow();
});

test('targets are found by their ids, also those that only a pattern covers', () => {
  const terms = book([model('m', ['a/1']), model('any/*', ['b/x-*-y'])]);
  expect(terms.find('a/1')).toMatchObject({ id: 'a/1', of: 'm' });
  expect(terms.find('b/x-2-y')).toEqual({ id: 'b/x-2-y', of: 'any/*' });
  expect([terms.find('b/x-2'), terms.find('a/2')]).toEqual([undefined, undefined]);
});

test('the plan says what guards which target', () => {
  const terms = book([model('m', ['a/1', 'a/2', 'a/3'])]);
  const targets = [target('a/1'), target('a/2'), target('a/3', { with: { breakers: { enabled: false } } })];
  expect(describeTerms(terms, targets, true)).toEqual([
    'a/1, a/2: a breaker opens after 5 failures in a row, or when 50 % of 20 or more calls fail within 30 s; stays open 10 s to 300 s, then 2 at once may try, and 2 successes close it',
    'a/3: no breaker',
    'failing connections open a provider as a whole',
  ]);
});
