/** A walk over the bytes of JSON that checks its structure and builds nothing. */
import { GatewayError } from '../errors.ts';
import { LONG_STRING, type Span } from './long-data.ts';
import { mayRefer } from './reference.ts';
import { shortText } from './short-text.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OBJECT = 1;
const ARRAY = 2;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export class Scanner {
  readonly bytes: Buffer;
  readonly maxDepth: number;
  at = 0;
  /** The insides of strings that are long; undefined where none is. */
  long: Span[] | undefined = undefined;
  /** Whether a string may name something that is elsewhere. */
  refers = false;

  constructor(bytes: Buffer, maxDepth: number) {
    this.bytes = bytes;
    this.maxDepth = maxDepth;
  }

  fail(what: string): GatewayError {
    return new GatewayError('GW_INVALID_JSON', `The body is not valid JSON: ${what} at byte ${this.at}.`);
  }

  skipSpace(): void {
    const { bytes } = this;
    for (;;) {
      const c = bytes[this.at];
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return;
      this.at++;
    }
  }

  take(byte: number, name: string): void {
    if (this.bytes[this.at] !== byte) throw this.fail(`expected ${name}`);
    this.at++;
  }

  takeIf(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  expectEnd(): void {
    this.skipSpace();
    if (this.at < this.bytes.length) throw this.fail('unexpected text after the end');
  }

  /** Reads a key and refuses `__proto__`, however it is escaped. */
  readKey(): string {
    const start = this.at;
    if (this.bytes[start] !== QUOTE) throw this.fail('expected a key in double quotes');
    this.skipString();
    const raw = shortText(this.bytes, start + 1, this.at - 1);
    const key = raw.includes('\\') ? this.#unescape(start) : raw;
    if (key === '__proto__') {
      throw new GatewayError('GW_BAD_REQUEST', 'The key "__proto__" is not allowed in a request body.');
    }
    return key;
  }

  skipString(): void {
    const { bytes } = this;
    let at = this.at + 1;
    if (!this.refers) this.refers = mayRefer(bytes, at);
    // Most strings are short: look byte by byte first, and let the native search find the end of a long one.
    for (const stop = Math.min(at + 64, bytes.length); at < stop; at++) {
      const c = bytes[at] as number;
      if (c === QUOTE) {
        this.at = at + 1;
        return;
      }
      if (c === BACKSLASH) at++;
      else if (c < 0x20) {
        this.at = at;
        throw this.fail('control character in a string');
      }
    }
    this.#skipLongString(at);
  }

  #skipLongString(from: number): void {
    const { bytes } = this;
    let at = from;
    for (;;) {
      at = bytes.indexOf(QUOTE, at);
      if (at < 0) throw this.fail('a string that never ends');
      let slashes = 0;
      while (at - 1 - slashes >= from && bytes[at - 1 - slashes] === BACKSLASH) slashes++;
      at++;
      if (slashes % 2 === 0) break;
    }
    const start = this.at + 1;
    if (at - start > LONG_STRING) (this.long ??= []).push({ start, end: at - 1 });
    this.at = at;
  }

  /** Skips one value of any kind. Iterative: a deeply nested body must not overflow the stack. */
  skipValue(): void {
    const c = this.bytes[this.at];
    if (c === QUOTE) this.skipString();
    else if (c === 0x7b || c === 0x5b) this.#skipContainer();
    else this.#skipPrimitive();
  }

  #skipContainer(): void {
    const kinds: number[] = [];
    for (;;) {
      const closed = this.#enterValue(kinds);
      if (!closed) continue;
      // A value has ended: close containers until one goes on.
      for (;;) {
        const kind = kinds[kinds.length - 1];
        if (kind === undefined) return;
        this.skipSpace();
        if (this.takeIf(kind === OBJECT ? 0x7d : 0x5d)) {
          kinds.pop();
          continue;
        }
        this.take(0x2c, kind === OBJECT ? '"," or "}"' : '"," or "]"');
        this.skipSpace();
        if (kind === OBJECT) this.#skipKey();
        break;
      }
    }
  }

  /** Reads up to the start of the next value or the end of one; true where a value has ended. */
  #enterValue(kinds: number[]): boolean {
    const c = this.bytes[this.at];
    if (c === QUOTE) {
      this.skipString();
      return true;
    }
    if (c !== 0x7b && c !== 0x5b) {
      this.#skipPrimitive();
      return true;
    }
    if (kinds.length + 1 >= this.maxDepth) {
      throw new GatewayError('GW_BAD_REQUEST', `The request body nests deeper than ${this.maxDepth} levels.`);
    }
    this.at++;
    this.skipSpace();
    if (this.takeIf(c === 0x7b ? 0x7d : 0x5d)) return true;
    kinds.push(c === 0x7b ? OBJECT : ARRAY);
    if (c === 0x7b) this.#skipKey();
    return false;
  }

  #skipKey(): void {
    this.#readKeyBytes();
    this.skipSpace();
    this.take(0x3a, '":"');
    this.skipSpace();
  }

  /** Skips a key; builds its text only where it could be `__proto__`. */
  #readKeyBytes(): void {
    const { bytes, at } = this;
    if (bytes[at] !== QUOTE) throw this.fail('expected a key in double quotes');
    this.skipString();
    if (bytes[at + 1] !== 0x5f && !this.#hasBackslash(at)) return;
    this.at = at;
    this.readKey();
  }

  #hasBackslash(start: number): boolean {
    const { bytes, at: end } = this;
    for (let at = start; at < end; at++) if (bytes[at] === BACKSLASH) return true;
    return false;
  }

  #skipPrimitive(): void {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let digits = true;
    for (; at < bytes.length; at++) {
      const c = bytes[at] as number;
      if (c === 0x2c || c === 0x7d || c === 0x5d || c <= 0x20) break;
      if (c < 0x30 || c > 0x39) digits = false;
    }
    if (digits && at > start && (bytes[start] !== 0x30 || at === start + 1)) {
      this.at = at;
      return;
    }
    const text = shortText(bytes, start, Math.min(at, start + 400));
    if (text !== 'true' && text !== 'false' && text !== 'null' && !NUMBER.test(text)) {
      throw this.fail(at >= bytes.length && text === '' ? 'unexpected end' : 'unexpected text');
    }
    this.at = at;
  }

  #unescape(start: number): string {
    try {
      return JSON.parse(this.bytes.toString('utf8', start, this.at)) as string;
    } catch {
      this.at = start;
      throw this.fail('a key with a broken escape');
    }
  }
}
