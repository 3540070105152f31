/**
 * Many small values on their way between two processes, as bare cells of eight bytes. A request has sixty of them; as a message of
 * Node's, with a type and a copy for each value, they take three times as long on either side.
 */
import { deserialize, serialize } from 'node:v8';

/** Bytes of a cell. */
const CELL = 8;
/** Cells that are set aside at first. */
const CELLS = 1024;
/** Bytes that a character takes at most, as UTF-8. */
const WIDEST = 3;

/** Stand for no amount at all, and for one that no cell holds: it comes behind. */
const NONE = -(2n ** 63n);
const BEHIND = NONE + 1n;
/** Stands for no number. */
const MISSING = Number.NaN;

/** The same memory as bytes, as numbers and as amounts. */
class Cells {
  readonly bytes: Buffer;
  readonly numbers: Float64Array;
  readonly amounts: BigInt64Array;

  constructor(count: number) {
    const memory = new ArrayBuffer(count * CELL);
    this.bytes = Buffer.from(memory);
    this.numbers = new Float64Array(memory);
    this.amounts = new BigInt64Array(memory);
  }

  /** So many cells or more, with the first bytes of these. */
  grown(count: number, used: number): Cells {
    const larger = new Cells(Math.max(count, 2 * this.numbers.length));
    larger.bytes.set(this.bytes.subarray(0, used));
    return larger;
  }
}

const cellsOf = (bytes: number): number => Math.ceil(bytes / CELL);

/** Its first cell says how many it has. */
export class FrameWriter {
  #cells = new Cells(CELLS);
  #at = 1;
  #words: string[] = [];

  number(value: number): void {
    this.#room(1);
    this.#cells.numbers[this.#at++] = value;
  }

  /** Not for NaN. */
  optional(value: number | undefined): void {
    this.number(value ?? MISSING);
  }

  amount(value: bigint | undefined): void {
    this.#room(1);
    const fits = value !== undefined && BigInt.asIntN(64, value) === value && value > BEHIND;
    this.#cells.amounts[this.#at++] = fits ? value : value === undefined ? NONE : BEHIND;
    if (value !== undefined && !fits) this.text(`${value}`);
  }

  text(value: string): void {
    this.#room(1 + cellsOf(value.length * WIDEST));
    const length = this.#cells.bytes.write(value, (this.#at + 1) * CELL);
    // As many bytes as characters: all of them are of ASCII, which is faster to read.
    this.#cells.numbers[this.#at] = length === value.length ? length : -length;
    this.#at += 1 + cellsOf(length);
  }

  /** One of a few that come again and again: it goes once. */
  word(value: string): void {
    const known = this.#words.indexOf(value);
    if (known >= 0) return this.number(known);
    this.number(this.#words.push(value) - 1);
    this.text(value);
  }

  /** What can be copied, and is seldom there. */
  other(value: unknown): void {
    const bytes = serialize(value);
    this.number(bytes.length);
    this.#room(cellsOf(bytes.length));
    this.#cells.bytes.set(bytes, this.#at * CELL);
    this.#at += cellsOf(bytes.length);
  }

  /** All of it, until something is written or it is cleared. */
  get bytes(): Uint8Array {
    this.#cells.numbers[0] = this.#at;
    return this.#cells.bytes.subarray(0, this.#at * CELL);
  }

  /** Ready for another frame. */
  clear(): void {
    this.#at = 1;
    this.#words = [];
  }

  #room(more: number): void {
    const needed = this.#at + more;
    if (needed > this.#cells.numbers.length) this.#cells = this.#cells.grown(needed, this.#at * CELL);
  }
}

/** Reads frames out of bytes as they come, and each in the order in which it was written. */
export class FrameReader {
  #cells = new Cells(CELLS);
  /** Bytes that have come, of which the frames until `end` are read. */
  #filled = 0;
  #at = 0;
  #end = 0;
  #words: string[] = [];

  /** Takes in what has come. Frames that were whole before are read by then. */
  add(bytes: Uint8Array): void {
    const read = this.#end * CELL;
    this.#cells.bytes.copyWithin(0, read, this.#filled);
    this.#filled -= read;
    this.#at = this.#end = 0;
    const needed = this.#filled + bytes.length;
    if (needed > this.#cells.bytes.length) this.#cells = this.#cells.grown(cellsOf(needed), this.#filled);
    this.#cells.bytes.set(bytes, this.#filled);
    this.#filled = needed;
  }

  /** Goes to the next frame, where all of it has come. */
  next(): boolean {
    const begin = this.#end;
    if (this.#filled < (begin + 1) * CELL) return false;
    const end = begin + (this.#cells.numbers[begin] as number);
    if (this.#filled < end * CELL) return false;
    this.#at = begin + 1;
    this.#end = end;
    this.#words = [];
    return true;
  }

  number(): number {
    return this.#cells.numbers[this.#at++] as number;
  }

  optional(): number | undefined {
    const value = this.number();
    return Number.isNaN(value) ? undefined : value;
  }

  amount(): bigint | undefined {
    const value = this.#cells.amounts[this.#at++] as bigint;
    if (value > BEHIND) return value;
    return value === NONE ? undefined : BigInt(this.text());
  }

  text(): string {
    const length = this.number();
    const begin = this.#at * CELL;
    const end = begin + Math.abs(length);
    this.#at += cellsOf(end - begin);
    return this.#cells.bytes.toString(length < 0 ? 'utf8' : 'latin1', begin, end);
  }

  word(): string {
    const known = this.number();
    return this.#words[known] ?? (this.#words[known] = this.text());
  }

  other(): unknown {
    const length = this.number();
    const begin = this.#at * CELL;
    this.#at += cellsOf(length);
    return deserialize(this.#cells.bytes.subarray(begin, begin + length));
  }

  /** Whether all of the frame was read. */
  get done(): boolean {
    return this.#at >= this.#end;
  }
}
