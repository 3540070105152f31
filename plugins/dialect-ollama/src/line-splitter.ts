/** Splits the bytes of a stream into frames, one per line of JSON (https://github.com/ndjson/ndjson-spec). */
import type { FrameSplitter } from '@gatewright/core';
import type { Frame, FrameListener } from '@gatewright/core/wire';

const LF = 0x0a;
const EMPTY = Buffer.alloc(0);

class LineFrame implements Frame {
  readonly event = '';
  replacement = '';
  #bytes: Buffer = EMPTY;
  #start = 0;
  #end = 0;

  show(bytes: Buffer, start: number, end: number): this {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    return this;
  }

  get ascii(): string {
    return this.#bytes.toString('latin1', this.#start, this.#end);
  }

  text(): string {
    return this.#bytes.toString('utf8', this.#start, this.#end);
  }

  json(): unknown {
    return JSON.parse(this.text());
  }
}

/** Empty lines are none; a carriage return before the line's end is white space to JSON. */
export class LineSplitter implements FrameSplitter {
  readonly #frame = new LineFrame();
  readonly #listener: FrameListener;
  readonly #maxFrame: number;
  #pieces: Buffer[] = [];
  #pending = 0;
  bytes: Buffer = EMPTY;

  /** `maxFrame`: how many bytes one line may have. */
  constructor(listener: FrameListener, maxFrame = 32 * 1024 * 1024) {
    this.#listener = listener;
    this.#maxFrame = maxFrame;
  }

  get pending(): number {
    return this.#pending;
  }

  /** Throws RangeError when a line is too long. */
  push(chunk: Buffer): number {
    const searched = this.#pending;
    if (searched > 0 && !chunk.includes(LF)) {
      this.#hold(chunk);
      return 0;
    }
    const bytes = searched === 0 ? chunk : Buffer.concat([...this.#pieces, chunk]);
    this.bytes = bytes;
    let done = 0;
    for (let at = bytes.indexOf(LF, searched); at >= 0; at = bytes.indexOf(LF, done)) {
      this.#tell(done, at, at + 1);
      done = at + 1;
    }
    this.#pieces = [];
    this.#pending = 0;
    if (done < bytes.length) this.#hold(done === 0 ? bytes : bytes.subarray(done));
    return done;
  }

  /** A last line may lack its end. */
  end(): boolean {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pending = 0;
    this.bytes = bytes;
    return this.#tell(0, bytes.length, bytes.length);
  }

  #tell(start: number, end: number, next: number): boolean {
    let first = start;
    while (first < end && (this.bytes[first] as number) <= 0x20) first++;
    if (first === end) return false;
    this.#listener(this.#frame.show(this.bytes, first, end), start, next);
    return true;
  }

  #hold(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#pending += piece.length;
    if (this.#pending > this.#maxFrame)
      throw new RangeError(`A line of a stream is longer than ${this.#maxFrame} bytes.`);
  }
}
