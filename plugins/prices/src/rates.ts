/** What each class of token costs, and what a usage comes to. */
import { inputTokens, type Usage, type UsageUnits } from '@gatewright/core';
import { ceilDivide } from './decimal.ts';

/** The classes of token that have a price of their own, by what they are billed as. */
export const INPUT_CLASSES = [
  'input',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'audioInput',
  'imageInput',
] as const;
export const OUTPUT_CLASSES = ['output', 'reasoning', 'audioOutput', 'imageOutput'] as const;

/** What is counted that is no token, by what it is billed as. */
export const INPUT_UNITS = ['searches', 'webSearches', 'characters', 'seconds'] as const;
export const OUTPUT_UNITS = ['images'] as const;

/** In a minute. */
const MILLISECONDS = 60_000n;

export type TokenClass = (typeof INPUT_CLASSES)[number] | (typeof OUTPUT_CLASSES)[number];
export type Unit = keyof UsageUnits;

/** Pico-dollars (1e-12 USD) per token of each class; undefined where nobody says what the class costs. */
export type Rates = Readonly<Record<TokenClass, bigint | undefined>>;

/** Pico-dollars for each search, image and character, and for each minute of sound. */
export type UnitRates = Readonly<Partial<Record<Unit, bigint | undefined>>>;

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
  readonly units: UnitRates;
}

/** What a usage comes to, in pico-dollars. */
export interface Charge {
  readonly input: bigint;
  readonly output: bigint;
  readonly request: bigint;
  /** A class that tokens were used of, or a unit, that has no price; it is in none of the sums. */
  readonly unpriced: TokenClass | Unit | undefined;
}

/**
 * The sum of each class's tokens times its rate, and of each unit times its own: exact, nothing is rounded but fractions
 * of a minute. Undefined where a count is no number of tokens.
 */
export function charge(card: RateCard, usage: Usage): Charge | undefined {
  const sum = new Sum(card, usage);
  // Most classes count nothing, and adding nothing would still make a new number.
  for (const name of INPUT_CLASSES) if (usage[name] !== 0) sum.input += sum.tokens(name);
  for (const name of OUTPUT_CLASSES) if (usage[name] !== 0) sum.output += sum.tokens(name);
  if (usage.units !== undefined) {
    for (const name of INPUT_UNITS) sum.input += sum.units(name);
    for (const name of OUTPUT_UNITS) sum.output += sum.units(name);
  }
  if (!sum.valid) return undefined;
  return { input: sum.input, output: sum.output, request: card.request, unpriced: sum.unpriced };
}

/** A band's dearest input and output. */
interface Top {
  readonly above: number;
  readonly input: bigint;
  readonly output: bigint;
}

/** Looked for once: prices rarely change, and every reservation asks. */
const topsOf = new WeakMap<RateCard, readonly Top[]>();

/** The most that so many tokens can come to, in pico-dollars: each of the dearest class, in the dearest band that they can reach. */
export function mostOf(card: RateCard, input: number, output: number): bigint {
  let tops = topsOf.get(card);
  if (tops === undefined) topsOf.set(card, (tops = card.bands.map(topOf)));
  let most = 0n;
  for (const top of tops) {
    if (top.above >= input && top.above >= 0) continue;
    const sum = BigInt(input) * top.input + BigInt(output) * top.output;
    if (sum > most) most = sum;
  }
  return most + card.request;
}

const topOf = ({ above, rates }: Band): Top => {
  return { above, input: dearest(rates, INPUT_CLASSES), output: dearest(rates, OUTPUT_CLASSES) };
};

function dearest(rates: Rates, classes: readonly TokenClass[]): bigint {
  return classes.reduce((most, name) => {
    const rate = rates[name] ?? 0n;
    return rate > most ? rate : most;
  }, 0n);
}

/** A sum that is being made. */
class Sum {
  input = 0n;
  output = 0n;
  valid = true;
  unpriced: TokenClass | Unit | undefined;
  readonly #card: RateCard;
  readonly #rates: Rates;
  readonly #usage: Usage;

  constructor(card: RateCard, usage: Usage) {
    this.#card = card;
    this.#rates = bandOf(card, inputTokens(usage)).rates;
    this.#usage = usage;
  }

  tokens(name: TokenClass): bigint {
    return this.#product(name, this.#usage[name], this.#rates[name]);
  }

  units(name: Unit): bigint {
    const count = this.#usage.units?.[name] ?? 0;
    const rate = this.#card.units[name];
    if (name !== 'seconds') return this.#product(name, count, rate);
    return ceilDivide(this.#product(name, Math.ceil(count * 1000), rate), MILLISECONDS);
  }

  #product(name: TokenClass | Unit, count: number, rate: bigint | undefined): bigint {
    if (count === 0) return 0n;
    if (!Number.isSafeInteger(count) || count < 0) {
      this.valid = false;
      return 0n;
    }
    if (rate !== undefined) return BigInt(count) * rate;
    this.unpriced ??= name;
    return 0n;
  }
}

function bandOf({ bands }: RateCard, tokens: number): Band {
  let found = bands[0];
  for (const band of bands) {
    if (tokens <= band.above) break;
    found = band;
  }
  return found;
}
