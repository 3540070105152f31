/** A price in plain numbers, for all that they are exact for: a request of less than nine thousand dollars, in tokens alone. */
import { inputTokens, type Cost, type Usage } from '@gatewright/core';
import { INPUT_CLASSES, OUTPUT_CLASSES, type RateCard, type Rates, type TokenClass } from './rates.ts';

/** Pico-dollars in a nano-dollar. */
const PICOS = 1000;

interface PlainBand {
  readonly above: number;
  /** Pico-dollars per token, in the order of the classes; not a number where nobody says what the class costs. */
  readonly input: readonly number[];
  readonly output: readonly number[];
}

export class PlainCard {
  readonly #bands: readonly PlainBand[];
  readonly #request: number;

  constructor({ bands, request }: RateCard) {
    this.#bands = bands.map(({ above, rates }) => {
      return { above, input: ratesOf(INPUT_CLASSES, rates), output: ratesOf(OUTPUT_CLASSES, rates) };
    });
    this.#request = Number(request);
  }

  /** The same as with whole numbers of any size; undefined where it might not be, or where there is something to say. */
  cost(usage: Usage, price: string): Cost | undefined {
    if (usage.units !== undefined) return undefined;
    const band = this.#bandOf(inputTokens(usage));
    if (band === undefined) return undefined;
    const input = sumOf(INPUT_CLASSES, band.input, usage);
    const both = input + sumOf(OUTPUT_CLASSES, band.output, usage);
    const all = both + this.#request;
    // Also what is no number comes to this.
    if (!(all <= Number.MAX_SAFE_INTEGER)) return undefined;
    const inputNanos = nanosOf(input);
    return {
      nanos: BigInt(nanosOf(all)),
      inputNanos: BigInt(inputNanos),
      outputNanos: BigInt(nanosOf(both) - inputNanos),
      price,
    };
  }

  #bandOf(tokens: number): PlainBand | undefined {
    let found = this.#bands[0];
    for (let at = 1; at < this.#bands.length; at++) {
      const band = this.#bands[at] as PlainBand;
      if (tokens <= band.above) break;
      found = band;
    }
    return found;
  }
}

function ratesOf(classes: readonly TokenClass[], rates: Rates): number[] {
  return classes.map((name) => Number(rates[name] ?? Number.NaN));
}

function sumOf(classes: readonly TokenClass[], rates: readonly number[], usage: Usage): number {
  let sum = 0;
  for (let at = 0; at < classes.length; at++) {
    const count = usage[classes[at] as TokenClass];
    if (count === 0) continue;
    if (!Number.isSafeInteger(count) || count < 0) return Number.NaN;
    sum += count * (rates[at] as number);
  }
  return sum;
}

/** Rounded up; a quotient of large numbers may itself be rounded. */
function nanosOf(picos: number): number {
  const rest = picos % PICOS;
  return (picos - rest) / PICOS + (rest > 0 ? 1 : 0);
}
