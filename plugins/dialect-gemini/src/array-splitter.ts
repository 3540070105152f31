/** Splits the bytes of a JSON array into frames, one per element, however they are cut into chunks. */
import type { FrameSplitter } from '@gatewright/core';
import type { Frame, FrameListener } from '@gatewright/core/wire';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const EMPTY = Buffer.alloc(0);

/** An element of the array. */
class ElementFrame implements Frame {
  readonly event = '';
  replacement = '';
  #bytes: Buffer = EMPTY;
  #start = 0;
  #end = 0;
  #ascii: string | undefined;

  show(bytes: Buffer, start: number, end: number): this {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#ascii = undefined;
    return this;
  }

  get ascii(): string {
    return (this.#ascii ??= this.#bytes.toString('latin1', this.#start, this.#end));
  }

  text(): string {
    return this.#bytes.toString('utf8', this.#start, this.#end);
  }

  json(): unknown {
    return JSON.parse(this.text());
  }
}

/**
 * A frame's bytes are the element and what stands before it: the bracket or the comma. The closing bracket is never
 * passed on, since whoever ends the stream writes it.
 */
export class ArraySplitter implements FrameSplitter {
  readonly #frame = new ElementFrame();
  readonly #listener: FrameListener;
  readonly #maxFrame: number;
  #pieces: Buffer[] = [];
  #pending = 0;
  /** How far `#pieces` have been looked through. */
  #scanned = 0;
  #depth = 0;
  #inText = false;
  /** Where the element that is open began, in the bytes from the last frame on; -1 where none is. */
  #element = -1;
  bytes: Buffer = EMPTY;

  /** `maxFrame`: how many bytes one frame may have. */
  constructor(listener: FrameListener, maxFrame = 32 * 1024 * 1024) {
    this.#listener = listener;
    this.#maxFrame = maxFrame;
  }

  get pending(): number {
    return this.#pending;
  }

  /** Throws RangeError when a frame is too long. */
  push(chunk: Buffer): number {
    const bytes = this.#pending === 0 ? chunk : Buffer.concat([...this.#pieces, chunk]);
    this.bytes = bytes;
    const done = this.#scan(bytes);
    const left = done === 0 ? bytes : bytes.subarray(done);
    this.#pieces = left.length === 0 ? [] : [left];
    this.#pending = left.length;
    if (this.#pending > this.#maxFrame) throw new RangeError(`A stream event is longer than ${this.#maxFrame} bytes.`);
    return done;
  }

  /** An element that has not ended is none, and the closing bracket is not passed on. */
  end(): boolean {
    this.#pieces = [];
    this.#pending = 0;
    return false;
  }

  /** Goes on where the last call stopped; answers the offset behind the last element. */
  #scan(bytes: Buffer): number {
    let done = 0;
    let at = this.#scanned;
    for (; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (this.#inText) {
        at = this.#skipText(bytes, at);
        continue;
      }
      if (byte === QUOTE) this.#inText = true;
      else if (byte === 0x7b || byte === 0x5b) {
        // The array's own bracket is at depth 0; an element begins inside of it.
        if (byte === 0x7b && this.#element < 0) this.#element = at;
        this.#depth++;
      } else if (byte === 0x7d || byte === 0x5d) {
        this.#depth--;
        if (byte === 0x5d || this.#depth > 1 || this.#element < 0) continue;
        this.#listener(this.#frame.show(bytes, this.#element, at + 1), done, at + 1);
        done = at + 1;
        this.#element = -1;
      }
    }
    this.#scanned = at - done;
    if (this.#element >= 0) this.#element -= done;
    return done;
  }

  /** The offset of the quote that ends the text, or of the last byte that was seen of it. */
  #skipText(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    // A backslash may be the last byte that is there: what it escapes comes with the next chunk.
    if (at >= bytes.length) return at - 1;
    this.#inText = false;
    return at;
  }
}
