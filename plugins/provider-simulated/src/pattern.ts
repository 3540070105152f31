/** Writes a text that a regular expression matches, for the constructs that JSON schemas use: no look-around, no back references. */

/** A text for the pattern, repeating what may be repeated without end `extra` times more; undefined where it cannot be done. */
export function textMatching(pattern: string, extra = 0): string | undefined {
  try {
    const expression = new RegExp(pattern, 'u');
    const text = new Sampler(pattern, extra).alternatives();
    return expression.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

const MAX_REPEATS = 1000;
const MAX_LENGTH = 10_000;

/** Characters to try for a class, the most believable first. */
const CANDIDATES = [
  ...'a1A0_- .,:/@#+bcxyzBCXYZ23456789'.split(''),
  ...Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)),
];

/** Reads a pattern from left to right and writes the shortest text it can. */
class Sampler {
  readonly #pattern: string;
  readonly #extra: number;
  #at = 0;

  constructor(pattern: string, extra: number) {
    this.#pattern = pattern;
    this.#extra = extra;
  }

  /** The first of the alternatives up to a closing bracket or the end; the others are read over. */
  alternatives(): string {
    const first = this.#sequence();
    while (this.#take('|')) this.#sequence();
    return first;
  }

  #sequence(): string {
    let text = '';
    while (this.#at < this.#pattern.length && !this.#ahead('|') && !this.#ahead(')')) {
      const unit = this.#unit();
      text += unit.repeat(Math.min(this.#count(), MAX_REPEATS));
      if (text.length > MAX_LENGTH) throw new SyntaxError('too long');
    }
    return text;
  }

  #unit(): string {
    if (this.#take('^') || this.#take('$')) return '';
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return this.#characterClass();
    if (this.#take('.')) return 'a';
    if (this.#take('\\')) return this.#escape();
    return this.#next();
  }

  #group(): string {
    const kind = /^\?(?::|<[\p{L}\d_$]+>)?/u.exec(this.#pattern.slice(this.#at))?.[0];
    if (kind === '?') throw new SyntaxError('look-around');
    this.#at += kind?.length ?? 0;
    const text = this.alternatives();
    this.#at++;
    return text;
  }

  #characterClass(): string {
    const start = this.#at - 1;
    while (!this.#ahead(']')) this.#at += this.#ahead('\\') ? 2 : 1;
    this.#at++;
    return pickFor(this.#pattern.slice(start, this.#at));
  }

  #escape(): string {
    const letter = this.#next();
    if (letter === 'b' || letter === 'B') return '';
    if (letter === 'p' || letter === 'P') {
      const end = this.#pattern.indexOf('}', this.#at) + 1;
      const property = this.#pattern.slice(this.#at, end);
      this.#at = end;
      return pickFor(`\\${letter}${property}`);
    }
    if (letter === 'u' || letter === 'x') throw new SyntaxError('code point');
    return /[a-z]/iu.test(letter) ? pickFor(`\\${letter}`) : letter;
  }

  /** How often the unit just read is to be written. */
  #count(): number {
    const [all, least, comma, most] = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/u.exec(this.#pattern.slice(this.#at)) ?? [];
    if (all === undefined) return 1;
    this.#at += all.length;
    this.#take('?');
    if (all === '?') return 0;
    if (all === '*') return this.#extra;
    if (all === '+') return 1 + this.#extra;
    if (comma === undefined) return Number(least);
    const wanted = Number(least) + this.#extra;
    return most === '' ? wanted : Math.min(wanted, Number(most));
  }

  #next(): string {
    return this.#pattern[this.#at++] as string;
  }

  #ahead(text: string): boolean {
    return this.#pattern.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    if (!this.#ahead(text)) return false;
    this.#at += text.length;
    return true;
  }
}

function pickFor(expression: string): string {
  const single = new RegExp(`^${expression}$`, 'u');
  const found = CANDIDATES.find((candidate) => single.test(candidate));
  if (found === undefined) throw new SyntaxError('empty class');
  return found;
}
