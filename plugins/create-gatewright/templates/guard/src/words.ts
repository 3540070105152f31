/** The words that are looked for, in texts that may come in pieces. */

export class Words {
  readonly #pattern: RegExp;
  readonly #longest: number;
  readonly #mask: string;

  constructor(words: readonly string[], mask: string) {
    // The longest first: of two words that begin alike, the whole of the longer one is found.
    const sorted = words.toSorted((a, b) => b.length - a.length);
    this.#pattern = new RegExp(sorted.map((word) => word.replace(/[^\w\s]/g, '\\$&')).join('|'), 'gi');
    this.#longest = sorted[0]?.length ?? 0;
    this.#mask = mask;
  }

  isIn(text: string): boolean {
    return text.search(this.#pattern) >= 0;
  }

  hide(text: string): string {
    return text.replace(this.#pattern, () => this.#mask);
  }

  /** What of a text can be let go, with its words hidden, and the end of it that could be the beginning of one. */
  split(text: string): { readonly ready: string; readonly rest: string } {
    let end = Math.max(0, text.length - this.#longest + 1);
    for (const { index, 0: word } of text.matchAll(this.#pattern)) {
      if (index < end) end = Math.max(end, index + word.length);
    }
    return { ready: this.hide(text.slice(0, end)), rest: text.slice(end) };
  }
}
