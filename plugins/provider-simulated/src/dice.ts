/** Choices that look random and are always the same for the same text. */
import { createHash } from 'node:crypto';

export class Dice {
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** As many hexadecimal digits as asked for, at most 64; others for each salt. */
  hex(salt: string, length: number): string {
    return createHash('sha256').update(salt).update('\0').update(this.#seed).digest('hex').slice(0, length);
  }

  /** One item of a list that is not empty. */
  pick<T>(salt: string, list: readonly T[]): T {
    return list[Number.parseInt(this.hex(salt, 8), 16) % list.length] as T;
  }

  /** The list in another order. */
  shuffle<T>(salt: string, list: readonly T[]): T[] {
    const keyed = list.map((item, index) => ({ item, key: this.hex(`${salt} ${index}`, 16) }));
    return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item);
  }
}
