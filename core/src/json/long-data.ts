/**
 * Long data in a JSON body, such as an image in base64, left where it stands while all the rest is parsed, translated and
 * written: a mark stands in for it.
 *
 * A string of megabytes is there four times over where a body is decoded, parsed, written and encoded. Here none of it is
 * made unless somebody reads it, and what is written goes out as pieces of the bytes that came.
 */
import { randomBytes } from 'node:crypto';
import { isAscii } from 'node:buffer';
import { applyEdits, type Edit } from './edit.ts';

/** From this length on, in bytes, a string is looked at. */
export const LONG_STRING = 64 * 1024;

/** Where the inside of a string stands; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const BACKSLASH = 0x5c;
/** The beginning of data, which stays in the text: what kind of image it is shows there. */
const DATA_START = /^(?:data:[^,]*;base64,)?[\w+/-]{64}/;
const DATA_END = /^[\w+/-]*={0,2}$/;
/** At least so many bytes at the end stay too: some of them are padding. */
const KEPT_END = 4;
const MARK_LENGTH = 32;

/** What is put in the place of data, and what it stands for. */
interface Cut extends Edit {
  readonly text: string;
}

export class LongData {
  readonly #bytes: Buffer;
  /** Nobody can guess it, so that a body cannot hold marks of its own. */
  readonly #nonce = `GW${randomBytes(12).toString('hex')}`;
  readonly #cuts: readonly Cut[];
  /** Who reads data now gets its mark. */
  #writing = false;

  private constructor(bytes: Buffer, spans: readonly Span[]) {
    this.#bytes = bytes;
    this.#cuts = spans.map(({ start, end }, index) => ({
      start,
      end,
      text: this.#nonce + `${index}`.padStart(6, '0'),
    }));
  }

  /** The data among a body's long strings; undefined where there is none. */
  static among(bytes: Buffer, strings: readonly Span[]): LongData | undefined {
    const spans = strings.flatMap((string) => dataIn(bytes, string) ?? []);
    return spans.length === 0 ? undefined : new LongData(bytes, spans);
  }

  /** The body with edits made, and marks in place of its data. */
  marked(edits: readonly Edit[] = []): Buffer {
    return applyEdits(this.#bytes, [...edits, ...this.#cuts]);
  }

  /**
   * What `decode` makes of the marked body, with the data behind getters. Undefined where it does not keep all marks, or
   * throws: then it has to see the data itself.
   */
  decoded<T>(decode: (json: { [key: string]: unknown }) => T): T | undefined {
    try {
      const value = decode(JSON.parse(this.marked().toString()) as { [key: string]: unknown });
      return this.#hide(value) === this.#cuts.length ? value : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * The JSON that `write` makes, as pieces with the data in them. Undefined where some of the data is not in it: left out,
   * or changed, for which it has to be read. `write` is then to be called again.
   */
  written(write: () => string): Buffer[] | undefined {
    const text = this.unread(write);
    const parts = text.split(new RegExp(`${this.#nonce}(\\d{6})`));
    const found = new Set<string>();
    const pieces = parts.map((part, index) => {
      if (index % 2 === 0) return Buffer.from(part);
      found.add(part);
      const { start, end } = this.#cuts[Number(part)] as Cut;
      return this.#bytes.subarray(start, end);
    });
    return found.size === this.#cuts.length ? pieces : undefined;
  }

  /** Runs what takes data along without using it: it gets marks. */
  unread<T>(run: () => T): T {
    this.#writing = true;
    try {
      return run();
    } finally {
      this.#writing = false;
    }
  }

  /** Puts getters in place of strings that have marks in them; answers with how many of the marks it found. */
  #hide(value: unknown): number {
    const found = new Set<string>();
    const seen = new Set<unknown>();
    const waiting: unknown[] = [value];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (typeof next !== 'object' || next === null || seen.has(next)) continue;
      seen.add(next);
      for (const [key, inner] of Object.entries(next)) {
        if (typeof inner !== 'string') waiting.push(inner);
        else if (inner.includes(this.#nonce)) {
          for (const { text } of this.#cuts) if (inner.includes(text)) found.add(text);
          this.#hideOne(next, key, inner);
        }
      }
    }
    return found.size;
  }

  #hideOne(holder: object, key: string, marked: string): void {
    let whole: string | undefined;
    const get = (): string => (this.#writing ? marked : (whole ??= this.#restored(marked)));
    Object.defineProperty(holder, key, { enumerable: true, configurable: true, get });
  }

  #restored(marked: string): string {
    const at = marked.indexOf(this.#nonce);
    const { start, end } = this.#cuts[Number(marked.slice(at + MARK_LENGTH - 6, at + MARK_LENGTH))] as Cut;
    const [before, behind] = [marked.slice(0, at), marked.slice(at + MARK_LENGTH)];
    // Mostly what stands around a mark stands around the data: then the string is made in one go.
    const [from, to] = [start - before.length, end + behind.length];
    const text = (a: number, b: number): string => this.#bytes.toString('latin1', a, b);
    if (from >= 0 && text(from, start) === before && text(end, to) === behind) return text(from, to);
    const rest = behind.includes(this.#nonce) ? this.#restored(behind) : behind;
    return before + text(start, end) + rest;
  }
}

/** The middle of a string that is nothing but base64, as far as its ends tell. Never anything that JSON would write otherwise. */
function dataIn(bytes: Buffer, { start, end }: Span): Span | undefined {
  const head = DATA_START.exec(bytes.toString('latin1', start, start + 256));
  if (head === null || !DATA_END.test(bytes.toString('latin1', end - 64, end))) return undefined;
  const inside = bytes.subarray(start, end);
  if (inside.includes(BACKSLASH) || inside.includes(' ') || !isAscii(inside)) return undefined;
  const from = start + head[0].length;
  // What is left is base64 too: of four characters each.
  return { start: from, end: from + Math.floor((end - KEPT_END - from) / 4) * 4 };
}
