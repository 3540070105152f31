/** Lines of JSON on their way out, put together as bytes: as text, each would leave 4 kB of garbage and be encoded afterwards. */

import { putNumber, putScaled, putText, putThousandths } from '@gatewright/core/wire';

/** How many bytes of lines are gathered before they are written: of a quarter as many, threads that come and go take 3 µs a line. */
export const GATHER_LENGTH = 131_072;

/** Room for what is gathered, and the line that goes over it. */
const SIZE = GATHER_LENGTH + 4096;

const QUOTE = 0x22;

/** A number takes no more bytes than this. */
const NUMBER = 32;

/** Bytes that are the same in every line. */
export type Piece = Uint8Array;

export const piece = (text: string): Piece => new Uint8Array(Buffer.from(text));

const USD = piece('"usd":"');
const NANOS = piece('","nanos":"');
const END = piece('"');

export class LineBytes {
  #bytes: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(SIZE);
  /** Taken out, and maybe not written yet. */
  #taken: Buffer<ArrayBuffer> | undefined = undefined;
  /** Written, and ready to be filled again. */
  #spare: Buffer<ArrayBuffer> | undefined = undefined;
  /** The end of what was written last. */
  #at = 0;
  /** The end of the last whole line. */
  #end = 0;

  /** Bytes of whole lines. */
  get length(): number {
    return this.#end;
  }

  /** A new line: one that was not ended is lost. */
  begin(): void {
    this.#at = this.#end;
  }

  end(): void {
    this.#end = this.#at;
  }

  /** Takes the whole lines out. */
  take(): Buffer {
    const lines = this.#bytes.subarray(0, this.#end);
    this.#taken = this.#bytes;
    // Memory that was just written to is in the processor's caches: new memory for each write is not.
    this.#bytes = this.#spare ?? Buffer.allocUnsafeSlow(SIZE);
    this.#spare = undefined;
    this.#at = this.#end = 0;
    return lines;
  }

  /** All that was taken out has been written. */
  written(): void {
    // What grew for one long line is not kept for short ones.
    if (this.#taken?.length === SIZE) this.#spare = this.#taken;
    this.#taken = undefined;
  }

  /** What stands in a line as it is. */
  plain(one: Piece): void {
    const { length } = one;
    const at = this.#room(length);
    const bytes = this.#bytes;
    // Byte by byte, which for so few takes half as long as a native call or as the characters of a text.
    for (let place = 0; place < length; place++) bytes[at + place] = one[place] as number;
    this.#at = at + length;
  }

  /** Any text as it is. */
  utf8(text: string): void {
    const at = this.#room(text.length * 3);
    this.#at = at + this.#bytes.write(text, at, 'utf8');
  }

  /** A text as JSON, if there is one; `before` is what stands before it, its opening quote included. */
  text(before: Piece, value: string | undefined): void {
    if (value === undefined) return;
    this.plain(before);
    // At most six bytes for each character, and the closing quote.
    const at = this.#room(6 * value.length + 1);
    const end = putText(value, this.#bytes, at);
    this.#bytes[end] = QUOTE;
    this.#at = end + 1;
  }

  /** What is rare, or of no fixed form. */
  json(before: Piece, value: object | undefined): void {
    if (value === undefined) return;
    this.plain(before);
    this.utf8(JSON.stringify(value));
  }

  number(before: Piece, value: number): void {
    this.plain(before);
    const at = this.#room(NUMBER);
    this.#at = putNumber(value, this.#bytes, at);
  }

  /** Milliseconds with three places, if there are any: nobody reads picoseconds. */
  duration(before: Piece, value: number | undefined): void {
    if (value === undefined) return;
    this.plain(before);
    const at = this.#room(NUMBER);
    this.#at = putThousandths(Math.round(value * 1000) / 1000, this.#bytes, at);
  }

  /** Nano-dollars in dollars, and as they are. */
  money(nanos: bigint, dollars: (nanos: bigint) => string): void {
    const value = Number(nanos);
    if (value >= 0 && Number.isSafeInteger(value)) {
      this.plain(USD);
      const at = this.#room(NUMBER);
      this.#at = putScaled(value, 9, this.#bytes, at);
      this.number(NANOS, value);
      this.plain(END);
    } else this.utf8(`"usd":"${dollars(nanos)}","nanos":"${nanos}"`);
  }

  /** Makes room for so many bytes. Answers where they begin. */
  #room(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, at + length));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    return at;
  }
}
