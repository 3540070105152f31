/**
 * Splits the bytes of a server-sent event stream into frames, without copying what it does not have to.
 * Takes LF and CRLF line ends, comments, several data lines, and a last frame without its blank line
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
 */
import type { FrameSplitter } from '../dialect.ts';
import { BufferedFrame } from './buffered.ts';
import type { FrameListener, FramePasser } from './frame.ts';

const LF = 0x0a;
const CR = 0x0d;
const EMPTY = Buffer.alloc(0);

export class SseSplitter implements FrameSplitter {
  readonly #frame = new BufferedFrame();
  readonly #listener: FrameListener;
  readonly #maxFrame: number;
  readonly #passer: FramePasser | undefined;
  /** Bytes of a frame whose end has not arrived, in the pieces they came in. */
  #pieces: Buffer[] = [];
  #pending = 0;
  /** Where the lines end of the frame that has begun: so many of these, counted from its start. */
  #ends: number[] = [];
  #lines = 0;
  /** The bytes that the offsets of the current call point into. */
  bytes: Buffer = EMPTY;

  /** `maxFrame`: how many bytes one frame may have. `passer`: is asked first, and takes frames that the listener need not see. */
  constructor(listener: FrameListener, maxFrame = 32 * 1024 * 1024, passer?: FramePasser) {
    this.#listener = listener;
    this.#maxFrame = maxFrame;
    this.#passer = passer;
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
    // One string for all frames: a slice of it costs a tenth of what one made of the bytes does.
    const done = this.#scan(bytes, bytes.toString('latin1'), searched);
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
    if (bytes.length > 0) this.#ends[this.#lines++] = bytes.length;
    this.#emit(bytes, bytes.toString('latin1'), 0, bytes.length);
    return this.#frame.hasData;
  }

  #hold(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#pending += piece.length;
    if (this.#pending > this.#maxFrame) throw new RangeError(`A stream event is longer than ${this.#maxFrame} bytes.`);
  }

  /** Finds the line ends. A blank line ends a frame. */
  #scan(bytes: Buffer, ascii: string, searched: number): number {
    let start = this.#pass(ascii, 0);
    let line = this.#lines === 0 ? start : (this.#ends[this.#lines - 1] as number) + 1;
    for (;;) {
      // Behind a line there is mostly a blank one, or one that is longer than a byte.
      const lf = bytes[line] === LF ? line : ascii.indexOf('\n', Math.max(line, searched));
      if (lf < 0) break;
      if (lineEnd(bytes, line, lf) > line) {
        this.#ends[this.#lines++] = lf;
        line = lf + 1;
      } else {
        this.#emit(bytes, ascii, start, lf + 1);
        start = this.#pass(ascii, lf + 1);
        line = start;
      }
    }
    for (let index = 0; index < this.#lines; index++) this.#ends[index] = (this.#ends[index] as number) - start;
    return start;
  }

  /** Where the first frame begins, from here on, that the listener must see. */
  #pass(ascii: string, from: number): number {
    let at = from;
    const passer = this.#passer;
    if (passer === undefined) return at;
    for (;;) {
      const end = passer(ascii, at);
      if (end < 0) return at;
      this.#lines = 0;
      at = end;
    }
  }

  /** Shows the frame whose lines are known. Comments and empty blocks are none; their bytes pass with their neighbours. */
  #emit(bytes: Buffer, ascii: string, start: number, end: number): void {
    const frame = this.#frame;
    frame.reset(bytes, ascii, start, end);
    let at = start;
    for (let index = 0; index < this.#lines; index++) {
      const lf = this.#ends[index] as number;
      const last = lineEnd(bytes, at, lf);
      if (last > at) frame.line(at, last);
      at = lf + 1;
    }
    this.#lines = 0;
    if (frame.hasData) this.#listener(frame, start, end);
  }
}

/** Where the text of a line ends whose line end is at `lf`. */
function lineEnd(bytes: Buffer, start: number, lf: number): number {
  return lf > start && bytes[lf - 1] === CR ? lf - 1 : lf;
}
