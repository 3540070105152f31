/** Lines of JSON on their way out, put together as bytes: as text, each would leave 4 kB of garbage and be encoded afterwards. */

/** How many bytes of lines are gathered before they are written: half of the least that may wait. */
export const GATHER_LENGTH = 32_768;

/** Room for what is gathered, and the line that goes over it. */
const SIZE = GATHER_LENGTH + 4096;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;

/** Numbers below this are written digit by digit with whole numbers of 32 bits. */
const SHORT = 1_000_000_000;
/** Fractions of larger numbers than this may have fewer digits as a number than they have as thousandths. */
const EXACT = 1e15;

/** Bytes that are the same in every line. */
export type Piece = Uint8Array;

export const piece = (text: string): Piece => new Uint8Array(Buffer.from(text));

const USD = piece('"usd":"');
const NANOS = piece('","nanos":"');
const END = piece('"');
const POINT = piece('.');

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
    const { length } = value;
    const at = this.#room(length + 1);
    const bytes = this.#bytes;
    for (let place = 0; place < length; place++) {
      const code = value.charCodeAt(place);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) {
        this.utf8(JSON.stringify(value).slice(1));
        return;
      }
      bytes[at + place] = code;
    }
    bytes[at + length] = QUOTE;
    this.#at = at + length + 1;
  }

  /** What is rare, or of no fixed form. */
  json(before: Piece, value: object | undefined): void {
    if (value === undefined) return;
    this.plain(before);
    this.utf8(JSON.stringify(value));
  }

  /** JSON has no word for what is not finite. */
  number(before: Piece, value: number): void {
    this.plain(before);
    if (Number.isSafeInteger(value) && value >= 0) this.#integer(value);
    else this.utf8(Number.isFinite(value) ? String(value) : 'null');
  }

  /** Milliseconds with three places, if there are any: nobody reads picoseconds. */
  duration(before: Piece, value: number | undefined): void {
    if (value === undefined) return;
    const micros = Math.round(value * 1000);
    if (micros >= 0 && micros < EXACT) {
      const whole = Math.floor(micros / 1000);
      this.number(before, whole);
      this.#fraction(micros - whole * 1000, 3);
    } else this.number(before, micros / 1000);
  }

  /** Nano-dollars in dollars, and as they are. */
  money(nanos: bigint, dollars: (nanos: bigint) => string): void {
    const value = Number(nanos);
    if (value >= 0 && Number.isSafeInteger(value)) {
      const whole = Math.floor(value / SHORT);
      this.number(USD, whole);
      this.#fraction(value - whole * SHORT, 9);
      this.number(NANOS, value);
      this.plain(END);
    } else this.utf8(`"usd":"${dollars(nanos)}","nanos":"${nanos}"`);
  }

  #integer(value: number): void {
    if (value >= SHORT) {
      const high = Math.floor(value / SHORT);
      this.#integer(high);
      this.#digits(value - high * SHORT, 9);
      return;
    }
    let count = 1;
    for (let bound = 10; value >= bound; bound *= 10) count++;
    this.#digits(value, count);
  }

  /** Without zeros at its end; nothing where there are only zeros. */
  #fraction(value: number, places: number): void {
    if (value === 0) return;
    let rest = value;
    let count = places;
    for (; rest % 10 === 0; count--) rest /= 10;
    this.plain(POINT);
    this.#digits(rest, count);
  }

  #digits(value: number, count: number): void {
    const at = this.#room(count);
    const bytes = this.#bytes;
    let rest = value | 0;
    for (let place = at + count - 1; place >= at; place--) {
      const high = (rest / 10) | 0;
      bytes[place] = ZERO + rest - high * 10;
      rest = high;
    }
    this.#at = at + count;
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
