/** The amounts of a batch as JSON. */
import { amountText } from './encode.ts';

export class AmountTexts {
  /** Whether any of them has more digits than Lua is exact for. */
  long = false;
  #last = 0n;
  #text = '0';

  /** A list of them. */
  list<T>(items: readonly T[], amountOf: (item: T, index: number) => bigint): string {
    let text = '[';
    for (let index = 0; index < items.length; index++) {
      text += (index === 0 ? '' : ',') + this.#of(amountOf(items[index] as T, index));
    }
    return `${text}]`;
  }

  /** Claims on money follow each other, and are on the same amount. */
  #of(amount: bigint): string {
    if (amount === 1n) return '1';
    if (amount === this.#last) return this.#text;
    this.#last = amount;
    this.#text = amountText(amount);
    if (this.#text.startsWith('"')) this.long = true;
    return this.#text;
  }
}
