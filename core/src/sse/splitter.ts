/**
 * Splits the bytes of a server-sent event stream into frames, without copying what it does not have to.
 * Takes LF and CRLF line ends, comments, several data lines, and a last frame without its blank line
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
 */
import type { FrameSplitter } from '../dialect.ts';
import { BufferedFrame } from './buffered.ts';
import type { FrameListener } from './frame.ts';

const LF = 0x0a;
const CR = 0x0d;
const EMPTY = Buffer.alloc(0);

export class SseSplitter implements FrameSplitter {
  readonly #frame = new BufferedFrame();
  readonly #listener: FrameListener;
  readonly #maxFrame: number;
  /** Bytes of a frame whose end has not arrived, in the pieces they came in. */
  #pieces: Buffer[] = [];
  #pending = 0;
  /** The bytes that the offsets of the current call point into. */
  bytes: Buffer = EMPTY;

  /** `maxFrame`: how many bytes one frame may have. */
  constructor(listener: FrameListener, maxFrame = 32 * 1024 * 1024) {
    this.#listener = listener;
    this.#maxFrame = maxFrame;
  }

  /** Bytes of the frame that has begun and not ended. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * Takes the next bytes and tells the listener of every frame that they complete.
   * Answers the offset in {@link bytes} behind the last complete frame. Throws RangeError when a frame is too long.
   */
  push(chunk: Buffer): number {
    // A long frame arrives in many chunks: without a line end in them there is nothing to join or search yet.
    if (this.#pending > 0 && !chunk.includes(LF)) {
      this.#hold(chunk);
      return 0;
    }
    const searched = this.#pending;
    const bytes = searched === 0 ? chunk : Buffer.concat([...this.#pieces, chunk]);
    this.bytes = bytes;
    const done = this.#scan(bytes, searched);
    this.#pieces = [];
    this.#pending = 0;
    if (done < bytes.length) this.#hold(done === 0 ? bytes : bytes.subarray(done));
    return done;
  }

  /** The stream has ended: a last frame without its blank line counts as one. Answers whether there was one. */
  end(): boolean {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pending = 0;
    this.bytes = bytes;
    this.#frame.reset(bytes);
    this.#readLines(bytes, 0, bytes.length, true);
    if (!this.#frame.hasData) return false;
    this.#listener(this.#frame, 0, bytes.length);
    return true;
  }

  #hold(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#pending += piece.length;
    if (this.#pending > this.#maxFrame) throw new RangeError(`A stream event is longer than ${this.#maxFrame} bytes.`);
  }

  /** Finds the blank lines; each ends a frame. */
  #scan(bytes: Buffer, searched: number): number {
    let frameStart = 0;
    // A line end may stand across the seam: step back over what could be the start of one.
    let from = Math.max(0, searched - 3);
    for (;;) {
      const lf = bytes.indexOf(LF, from);
      if (lf < 0 || lf + 1 >= bytes.length) return frameStart;
      const next = bytes[lf + 1] as number;
      let end = -1;
      if (next === LF) end = lf + 2;
      else if (next === CR) {
        if (lf + 2 >= bytes.length) return frameStart;
        if (bytes[lf + 2] === LF) end = lf + 3;
      } else if (lf === frameStart) end = lf + 1;
      if (end < 0) {
        from = lf + 1;
        continue;
      }
      this.#emit(bytes, frameStart, end);
      frameStart = end;
      from = end;
    }
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    this.#frame.reset(bytes);
    this.#readLines(bytes, start, end, false);
    // Comments and empty blocks are no events; their bytes pass with their neighbours.
    if (this.#frame.hasData) this.#listener(this.#frame, start, end);
  }

  #readLines(bytes: Buffer, start: number, end: number, unterminated: boolean): void {
    let at = start;
    while (at < end) {
      let lf = bytes.indexOf(LF, at);
      if (lf < 0 || lf >= end) {
        if (!unterminated) return;
        lf = end;
      }
      const lineEnd = lf > at && bytes[lf - 1] === CR ? lf - 1 : lf;
      if (lineEnd > at) this.#frame.line(at, lineEnd);
      at = lf + 1;
    }
  }
}
