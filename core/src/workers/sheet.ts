/**
 * Many small values on their way between two processes: numbers in one block of memory, for to copy each by itself takes a
 * tenth of a microsecond on either side, and a request has forty of them.
 */

/** What cannot be a number waits in `rest`; whoever reads knows what comes next. */
export type Sheet = readonly [
  numbers: Float64Array,
  texts: readonly string[],
  words: readonly string[],
  rest: readonly unknown[],
];

/** Stand for an amount that no number holds exactly, and for none at all. */
const IN_REST = Number.NaN;
const NONE = Infinity;

export class SheetWriter {
  readonly #numbers: number[] = [];
  readonly #texts: string[] = [];
  readonly #words: string[] = [];
  readonly #rest: unknown[] = [];

  /** A finite one. */
  number(value: number): void {
    this.#numbers.push(value);
  }

  optional(value: number | undefined): void {
    this.#numbers.push(value ?? NONE);
  }

  amount(value: bigint | undefined): void {
    const number = value === undefined ? NONE : Number(value);
    if (value === undefined || Number.isSafeInteger(number)) {
      this.#numbers.push(number);
    } else {
      this.#numbers.push(IN_REST);
      this.#rest.push(value);
    }
  }

  text(value: string): void {
    this.#texts.push(value);
  }

  /** One of a few that come again and again: it goes once. */
  word(value: string): void {
    const known = this.#words.indexOf(value);
    this.#numbers.push(known < 0 ? this.#words.push(value) - 1 : known);
  }

  /** What can be copied, and is seldom there. */
  other(value: unknown): void {
    this.#rest.push(value);
  }

  get sheet(): Sheet {
    return [new Float64Array(this.#numbers), this.#texts, this.#words, this.#rest];
  }
}

/** Reads a sheet in the order in which it was written. */
export class SheetReader {
  readonly #sheet: Sheet;
  #number = 0;
  #text = 0;
  #other = 0;

  constructor(sheet: Sheet) {
    this.#sheet = sheet;
  }

  number(): number {
    return this.#sheet[0][this.#number++] as number;
  }

  optional(): number | undefined {
    const value = this.number();
    return value === NONE ? undefined : value;
  }

  amount(): bigint | undefined {
    const value = this.number();
    if (value === NONE) return undefined;
    return Number.isNaN(value) ? (this.other() as bigint) : BigInt(value);
  }

  text(): string {
    return this.#sheet[1][this.#text++] as string;
  }

  word(): string {
    return this.#sheet[2][this.number()] as string;
  }

  other(): unknown {
    return this.#sheet[3][this.#other++];
  }

  /** Whether all numbers were read. */
  get done(): boolean {
    return this.#number >= this.#sheet[0].length;
  }
}
