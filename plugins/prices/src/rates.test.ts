/** Every token is billed once, in its own class, at the rate of the right band. */
import { NO_USAGE, type Usage } from '@gatewright/core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { charge, mostOf, INPUT_CLASSES, OUTPUT_CLASSES, type RateCard, type Rates, type TokenClass } from './rates.ts';

const CLASSES: readonly TokenClass[] = [...INPUT_CLASSES, ...OUTPUT_CLASSES];

/** Each class has a power of ten of its own, so that a sum shows how often each class went into it. */
const DECADES = Object.fromEntries(CLASSES.map((name, index) => [name, 10n ** BigInt(index)])) as unknown as Rates;

function flat(rates: Rates, request = 0n): RateCard {
  return { bands: [{ above: -1, rates }], request, units: {} };
}

const usages = fc.record(
  Object.fromEntries(CLASSES.map((name) => [name, fc.integer({ min: 0, max: 2_000_000 })])) as Record<
    TokenClass,
    fc.Arbitrary<number>
  >,
) as fc.Arbitrary<Usage>;

test('the classes are all of the counts that a usage has', () => {
  expect(CLASSES.toSorted()).toEqual(Object.keys(NO_USAGE).sort());
});

test('one token of each class is each rate once', () => {
  const one = Object.fromEntries(CLASSES.map((name) => [name, 1])) as unknown as Usage;
  expect(charge(flat(DECADES), one)).toEqual({
    input: 111_111n,
    output: 1_111_000_000n,
    request: 0n,
    unpriced: undefined,
  });
});

test('for any usage: the sum is that of tokens times rate, and no class is counted twice', () => {
  fc.assert(
    fc.property(
      usages,
      fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 10, maxLength: 10 }),
      (usage, list) => {
        const rates = Object.fromEntries(CLASSES.map((name, index) => [name, list[index]])) as unknown as Rates;
        const whole = charge(flat(rates), usage);
        const apart = CLASSES.map((name) => {
          const part = charge(flat(rates), { ...NO_USAGE, [name]: usage[name] });
          expect(part).toBeDefined();
          return (part?.input ?? 0n) + (part?.output ?? 0n);
        });
        expect((whole?.input ?? 0n) + (whole?.output ?? 0n)).toBe(apart.reduce((sum, part) => sum + part, 0n));
        CLASSES.forEach((name, index) => expect(apart[index]).toBe(BigInt(usage[name]) * (rates[name] ?? 0n)));
      },
    ),
  );
});

test('for any usage: more tokens never cost less', () => {
  fc.assert(
    fc.property(usages, fc.constantFrom(...CLASSES), fc.nat(1000), (usage, name, more) => {
      const less = charge(flat(DECADES), usage);
      const grown = charge(flat(DECADES), { ...usage, [name]: usage[name] + more });
      const sum = (part: typeof less): bigint => (part?.input ?? 0n) + (part?.output ?? 0n);
      expect(sum(grown) - sum(less)).toBe(BigInt(more) * (DECADES[name] ?? 0n));
    }),
  );
});

test('a band holds above its start, for all tokens of the request', () => {
  const rates = (rate: bigint): Rates => Object.fromEntries(CLASSES.map((name) => [name, rate])) as unknown as Rates;
  const card: RateCard = {
    bands: [
      { above: -1, rates: rates(1n) },
      { above: 100, rates: rates(2n) },
      { above: 200, rates: rates(3n) },
    ],
    request: 0n,
    units: {},
  };
  const input = (usage: Partial<Usage>): bigint | undefined => charge(card, { ...NO_USAGE, ...usage })?.input;
  expect(input({ input: 100 })).toBe(100n);
  expect(input({ input: 101 })).toBe(202n);
  expect(input({ input: 200 })).toBe(400n);
  expect(input({ input: 201 })).toBe(603n);
  // All classes of input decide the band; output does not.
  expect(input({ input: 50, cacheRead: 51 })).toBe(202n);
  expect(charge(card, { ...NO_USAGE, input: 100, output: 500 })).toMatchObject({ input: 100n, output: 500n });
  expect(charge(card, { ...NO_USAGE, input: 101, output: 500 })).toMatchObject({ input: 202n, output: 1000n });
});

test('the request itself has a price, also where no token was used', () => {
  expect(charge(flat(DECADES, 7n), NO_USAGE)).toEqual({ input: 0n, output: 0n, request: 7n, unpriced: undefined });
});

test('names a class that has tokens and no rate, and leaves it out', () => {
  const card = flat({ ...DECADES, reasoning: undefined });
  expect(charge(card, { ...NO_USAGE, output: 1, reasoning: 5 })).toMatchObject({
    output: 1_000_000n,
    unpriced: 'reasoning',
  });
  expect(charge(card, { ...NO_USAGE, output: 1 })).toMatchObject({ unpriced: undefined });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, 2 ** 53])('has no sum for a count of %d', (count) => {
  expect(charge(flat(DECADES), { ...NO_USAGE, output: count })).toBeUndefined();
  expect(charge(flat(DECADES), { ...NO_USAGE, input: count })).toBeUndefined();
});

test('units are billed beside the tokens: sound by the minute, to the millisecond', () => {
  const card: RateCard = {
    ...flat(DECADES),
    units: { searches: 2_000n, images: 40_000n, characters: 15n, seconds: 6_000_000n },
  };
  const of = (units: Usage['units'] & object) => charge(card, { ...NO_USAGE, units });
  expect(of({ searches: 3 })).toMatchObject({ input: 6_000n, output: 0n });
  expect(of({ images: 2 })).toMatchObject({ input: 0n, output: 80_000n });
  expect(of({ characters: 100 })).toMatchObject({ input: 1_500n });
  expect(of({ seconds: 30 })).toMatchObject({ input: 3_000_000n });
  expect(of({ seconds: 0.25 })).toMatchObject({ input: 25_000n });
  expect(of({ searches: 1.5 })).toBeUndefined();
});

test('names a unit that has no rate', () => {
  expect(charge(flat(DECADES), { ...NO_USAGE, units: { images: 1 } })).toMatchObject({ unpriced: 'images' });
});

test('for any usage within a number of tokens: no more than the most that so many can come to, and some come to it', () => {
  const cheap = Object.fromEntries(CLASSES.map((name) => [name, 3n])) as unknown as Rates;
  const card: RateCard = {
    bands: [
      { above: -1, rates: cheap },
      { above: 1_000_000, rates: DECADES },
      { above: 3_000_000, rates: { ...cheap, input: 7n } },
    ],
    request: 11n,
    units: {},
  };
  fc.assert(
    fc.property(usages, (usage) => {
      const input = INPUT_CLASSES.reduce((sum, name) => sum + usage[name], 0);
      const output = OUTPUT_CLASSES.reduce((sum, name) => sum + usage[name], 0);
      const sum = charge(card, usage);
      const most = mostOf(card, input, output);
      expect((sum?.input ?? 0n) + (sum?.output ?? 0n) + 11n <= most).toBe(true);
      expect(most <= mostOf(card, input + 1, output + 1)).toBe(true);
    }),
  );
  expect(mostOf(flat(DECADES, 5n), 2, 3)).toBe(2n * 10n ** 5n + 3n * 10n ** 9n + 5n);
  expect(mostOf(card, 10, 10)).toBe(20n * 3n + 11n);
});
