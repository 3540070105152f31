/** Plain numbers come to what whole numbers of any size come to, or say nothing. */
import { NO_USAGE, type Usage } from '@gatewright/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PlainCard } from './plain-card.ts';
import { charge, INPUT_CLASSES, OUTPUT_CLASSES, type RateCard, type Rates } from './rates.ts';

const CLASSES = [...INPUT_CLASSES, ...OUTPUT_CLASSES];
const ceil = (picos: bigint): bigint => (picos + 999n) / 1000n;

const rates = fc
  .array(fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n }), { nil: undefined, freq: 20 }), {
    minLength: 10,
    maxLength: 10,
  })
  .map((list) => Object.fromEntries(CLASSES.map((name, at) => [name, list[at]])) as unknown as Rates);
const card: fc.Arbitrary<RateCard> = fc
  .tuple(rates, rates, fc.integer({ min: 1, max: 2000 }), fc.bigInt({ min: 0n, max: 10n ** 12n }))
  .map(([low, high, above, request]) => {
    return {
      bands: [
        { above: -1, rates: low },
        { above, rates: high },
      ],
      request,
      units: {},
    };
  });
const count = fc.oneof(
  { weight: 60, arbitrary: fc.constant(0) },
  { weight: 30, arbitrary: fc.integer({ min: 0, max: 5000 }) },
  fc.maxSafeNat(),
  fc.constantFrom(-1, 0.5),
);
const usage: fc.Arbitrary<Usage> = fc
  .array(count, { minLength: 10, maxLength: 10 })
  .map((list) => Object.assign({}, NO_USAGE, Object.fromEntries(CLASSES.map((name, at) => [name, list[at]]))));

test('what it says is exact, and it says nothing of what is no count or has no price', () => {
  let said = 0;
  fc.assert(
    fc.property(card, usage, (one, used) => {
      const cost = new PlainCard(one).cost(used, 'p');
      const sum = charge(one, used);
      if (cost === undefined) return;
      said++;
      expect(sum).toMatchObject({ unpriced: undefined });
      const { input, output, request } = sum as NonNullable<typeof sum>;
      const nanos = ceil(input + output + request);
      expect(cost).toEqual({
        nanos,
        inputNanos: ceil(input),
        outputNanos: ceil(input + output) - ceil(input),
        price: 'p',
      });
    }),
    { numRuns: 3000, seed: 1 },
  );
  expect(said).toBeGreaterThan(300);
});

test('it speaks for ordinary requests, up to where numbers are exact', () => {
  const every = Object.fromEntries(CLASSES.map((name) => [name, 2_500_000n])) as unknown as Rates;
  const one = new PlainCard({ bands: [{ above: -1, rates: every }], request: 1n, units: {} });
  expect(one.cost({ ...NO_USAGE, input: 84, output: 96 }, 'p')).toEqual({
    nanos: 450_001n,
    inputNanos: 210_000n,
    outputNanos: 240_000n,
    price: 'p',
  });
  expect(one.cost({ ...NO_USAGE, output: 3_602_879_702 }, 'p')).toBeUndefined();
  expect(one.cost({ ...NO_USAGE, units: { images: 1 } }, 'p')).toBeUndefined();
});
