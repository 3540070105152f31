/** The bytes of a form that is sent: its frame, and in between its files as they lie in the spool. */
import { Readable } from 'node:stream';
import type { Spool } from './spool.ts';

/** Where a file's bytes are in the spool. */
export interface SpoolRange {
  readonly start: number;
  readonly size: number;
}

export type FormSegment = Buffer | SpoolRange;

const READ_SIZE = 64 * 1024;

export class FormStream extends Readable {
  readonly #spool: Spool;
  readonly #segments: readonly FormSegment[];
  #next = 0;
  /** How much of the segment at `#next` has been given. */
  #done = 0;

  constructor(spool: Spool, segments: readonly FormSegment[]) {
    super({ highWaterMark: READ_SIZE });
    this.#spool = spool;
    this.#segments = segments;
  }

  override _read(): void {
    const segment = this.#segments[this.#next];
    if (segment === undefined) {
      this.push(null);
      return;
    }
    if (Buffer.isBuffer(segment)) {
      this.#next++;
      this.push(segment);
      return;
    }
    const left = segment.size - this.#done;
    this.#spool.read(segment.start + this.#done, Math.min(left, READ_SIZE)).then(
      (bytes) => {
        this.#done += bytes.length;
        if (this.#done === segment.size) {
          this.#next++;
          this.#done = 0;
        }
        this.push(bytes);
      },
      (error: unknown) => this.destroy(error as Error),
    );
  }
}
