/** Rows that go to the store together, as lines of JSON in one piece of memory. */

/** Bytes that are set aside at first; five hundred rows are four times as many. */
const SIZE = 65_536;

const NEWLINE = 0x0a;

/** The file that rows are from. */
export interface Source {
  /** Is told when so many more of its rows are in the store. */
  stored(rows: number): void;
}

/** Rows that came from one source, one behind the other. */
interface Part {
  readonly source: Source;
  rows: number;
}

export class Batch {
  #bytes = Buffer.allocUnsafeSlow(SIZE);
  #length = 0;
  #rows = 0;
  readonly #parts: Part[] = [];

  get rows(): number {
    return this.#rows;
  }

  /** All of it, until something is added or it is emptied. */
  get lines(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Copies so many rows, as lines, to the end. */
  add(lines: Uint8Array, rows: number, source: Source): void {
    this.#reserve(lines.length + 1);
    if (this.#length > 0) this.#bytes[this.#length++] = NEWLINE;
    this.#bytes.set(lines, this.#length);
    this.#length += lines.length;
    this.#rows += rows;
    const last = this.#parts.at(-1);
    if (last?.source === source) last.rows += rows;
    else this.#parts.push({ source, rows });
  }

  /** All of it is in the store: the sources are told, and it is ready for others. */
  empty(): void {
    const parts = this.#parts.splice(0);
    this.#length = this.#rows = 0;
    for (const { source, rows } of parts) source.stored(rows);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
