/** What each class of token costs, and what a usage comes to. */
import { inputTokens, type Usage } from '@gatewright/core';

/** The classes of token that have a price of their own, by what they are billed as. */
export const INPUT_CLASSES = [
  'input',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'audioInput',
  'imageInput',
] as const;
export const OUTPUT_CLASSES = ['output', 'reasoning', 'audioOutput'] as const;

export type TokenClass = (typeof INPUT_CLASSES)[number] | (typeof OUTPUT_CLASSES)[number];

/** Pico-dollars (1e-12 USD) per token of each class; undefined where nobody says what the class costs. */
export type Rates = Readonly<Record<TokenClass, bigint | undefined>>;

/** The rates that hold where a request has more than `above` input tokens of all classes. */
export interface Band {
  readonly above: number;
  readonly rates: Rates;
}

/** A whole price. */
export interface RateCard {
  /** By rising `above`; the first holds always. */
  readonly bands: readonly [Band, ...Band[]];
  /** Pico-dollars for the request itself. */
  readonly request: bigint;
}

/** What a usage comes to, in pico-dollars. */
export interface Charge {
  readonly input: bigint;
  readonly output: bigint;
  readonly request: bigint;
  /** A class that tokens were used of but that has no price; it is in none of the sums. */
  readonly unpriced: TokenClass | undefined;
}

/** The sum of each class's tokens times its rate: exact, nothing is rounded. Undefined where a count is no number of tokens. */
export function charge(card: RateCard, usage: Usage): Charge | undefined {
  const { rates } = bandOf(card, inputTokens(usage));
  let unpriced: TokenClass | undefined;
  const sum = (classes: readonly TokenClass[]): bigint | undefined => {
    let total = 0n;
    for (const name of classes) {
      const count = usage[name];
      if (count === 0) continue;
      if (!Number.isSafeInteger(count) || count < 0) return undefined;
      const rate = rates[name];
      if (rate === undefined) unpriced ??= name;
      else total += BigInt(count) * rate;
    }
    return total;
  };
  const input = sum(INPUT_CLASSES);
  const output = sum(OUTPUT_CLASSES);
  if (input === undefined || output === undefined) return undefined;
  return { input, output, request: card.request, unpriced };
}

function bandOf({ bands }: RateCard, tokens: number): Band {
  let found = bands[0];
  for (const band of bands) {
    if (tokens <= band.above) break;
    found = band;
  }
  return found;
}
