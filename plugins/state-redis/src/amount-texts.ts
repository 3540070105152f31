/** The amounts of a batch as JSON. */
import { amountText } from './encode.ts';

export class AmountTexts {
  /** Whether any of them has more digits than Lua is exact for. */
  long = false;
  #last = 0n;
  #text = '0';

  /** Claims on money follow each other, and are on the same amount. */
  of(amount: bigint): string {
    if (amount === this.#last) return this.#text;
    this.#last = amount;
    this.#text = amountText(amount);
    if (this.#text.startsWith('"')) this.long = true;
    return this.#text;
  }
}
