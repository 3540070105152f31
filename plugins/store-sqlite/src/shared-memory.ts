/**
 * Memory that this thread and the database's have together. What is given away with each call is garbage outside of V8's heap, and
 * for every 64 MB of that V8 collects all of the heap: under load, every second.
 */

/** Pieces that are kept while nobody needs them, and how large one may be. */
const SPARE = 4;
const LARGEST = 4 * 1024 * 1024;

export class SharedMemory {
  readonly #free: Uint8Array<SharedArrayBuffer>[] = [];

  /** Lends a copy of these bytes until the answer has come. */
  async lend<T>(bytes: Uint8Array, use: (copy: Uint8Array) => Promise<T>): Promise<T> {
    const piece = this.#piece(bytes.length);
    piece.set(bytes);
    try {
      return await use(piece.subarray(0, bytes.length));
    } finally {
      if (this.#free.length < SPARE && piece.length <= LARGEST) this.#free.push(piece);
    }
  }

  #piece(length: number): Uint8Array<SharedArrayBuffer> {
    const found = this.#free.findIndex((piece) => piece.length >= length);
    if (found >= 0) return this.#free.splice(found, 1)[0] as Uint8Array<SharedArrayBuffer>;
    return new Uint8Array(new SharedArrayBuffer(2 ** Math.ceil(Math.log2(length + 1))));
  }
}
