/** The pieces that a reply's body has in one read, moved together: between the events of a stream stand the lengths of HTTP's chunks. */

/** Whoever gathers the pieces of a read. */
export interface Gatherer {
  /** All of the read has been parsed. */
  endOfRead(): void;
}

let isReading = false;
let gatherer: Gatherer | undefined;

/** Parses a read of whose memory all is its own. */
export function parseRead(parser: { execute(bytes: Buffer): void }, bytes: Buffer): void {
  isReading = true;
  try {
    parser.execute(bytes);
  } finally {
    isReading = false;
    const one = gatherer;
    gatherer = undefined;
    one?.endOfRead();
  }
}

/** Whether a piece is of such a read, at whose end `one` is told. */
export function isOfRead(one: Gatherer): boolean {
  if (isReading) gatherer = one;
  return isReading;
}

export class Pieces {
  #first: Buffer | undefined = undefined;
  /** All of the memory that the first is in, once there is a second. */
  #memory: Uint8Array | undefined = undefined;
  #end = 0;

  /** Moves a piece to the end of those before it: what stood between them has been parsed. */
  add(piece: Buffer): void {
    const { byteOffset, length } = piece;
    if (this.#first === undefined) {
      this.#first = piece;
      this.#end = byteOffset + length;
      return;
    }
    this.#memory ??= new Uint8Array(piece.buffer);
    this.#memory.copyWithin(this.#end, byteOffset, byteOffset + length);
    this.#end += length;
  }

  /** Takes all of them out as one. */
  take(): Buffer | undefined {
    const first = this.#first;
    const isOne = this.#memory === undefined;
    this.#first = this.#memory = undefined;
    return first === undefined || isOne
      ? first
      : Buffer.from(first.buffer, first.byteOffset, this.#end - first.byteOffset);
  }
}
