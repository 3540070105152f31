/** Finds the messages of a binary event stream in bytes that are cut anywhere, and checks their checksums. */
import { GatewayError, type FrameSplitter } from '@gatewright/core';
import type { FrameListener } from '@gatewright/core/wire';
import { checksum } from './checksum.ts';
import { FixedRun } from './fixed-run.ts';
import { PRELUDE, TRAILER } from './message.ts';
import { MessageFrame } from './message-frame.ts';
import { knownHead, readHead, type MessageHead } from './message-head.ts';

const EMPTY = Buffer.alloc(0);
const NO_HEAD: MessageHead = { run: new FixedRun(EMPTY), event: '' };

/** How long a message may be, in bytes: the API's own limit is lower, and a length that is noise mostly higher. */
const MAX_MESSAGE = 32 * 1024 * 1024;

export class MessageSplitter implements FrameSplitter {
  readonly #frame = new MessageFrame();
  readonly #listener: FrameListener;
  readonly #maxMessage: number;
  /** Bytes of a message whose end has not arrived, in the pieces they came in. */
  #pieces: Buffer[] = [];
  #pending = 0;
  /** How many bytes must be there before there is anything to do. */
  #wanted = PRELUDE;
  /** The checksum of the lengths of the message that has begun. */
  #lengths = 0;
  /** The head of the last message: most have the one that the message before had. */
  #head = NO_HEAD;
  bytes: Buffer = EMPTY;

  /** `maxMessage`: how many bytes one message may have. */
  constructor(listener: FrameListener, maxMessage = MAX_MESSAGE) {
    this.#listener = listener;
    this.#maxMessage = maxMessage;
  }

  get pending(): number {
    return this.#pending;
  }

  /** Throws `GW_UPSTREAM_INVALID` where a checksum or a length is wrong. */
  push(chunk: Buffer): number {
    if (this.#pending + chunk.length < this.#wanted) {
      this.#hold(chunk);
      return 0;
    }
    const bytes = this.#pending === 0 ? chunk : Buffer.concat([...this.#pieces, chunk]);
    this.bytes = bytes;
    this.#pieces = [];
    this.#pending = 0;
    const done = this.#scan(bytes);
    if (done < bytes.length) this.#hold(done === 0 ? bytes : bytes.subarray(done));
    return done;
  }

  /** A message that did not arrive whole is none: without its checksum nobody knows what it says. */
  end(): boolean {
    this.#pieces = [];
    this.#pending = 0;
    this.#wanted = PRELUDE;
    this.bytes = EMPTY;
    return false;
  }

  #hold(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#pending += piece.length;
  }

  #scan(bytes: Buffer): number {
    let at = 0;
    for (;;) {
      const left = bytes.length - at;
      this.#wanted = left < PRELUDE ? PRELUDE : this.#lengthAt(bytes, at);
      if (left < this.#wanted) return at;
      this.#show(bytes, at, at + this.#wanted);
      at += this.#wanted;
    }
  }

  #lengthAt(bytes: Buffer, at: number): number {
    this.#lengths = checksum(bytes, at, at + 8);
    if (this.#lengths !== bytes.readUInt32BE(at + 8)) {
      throw broken('the checksum of its lengths is wrong');
    }
    const length = bytes.readUInt32BE(at);
    const headers = bytes.readUInt32BE(at + 4);
    if (length < PRELUDE + headers + TRAILER) throw broken('its headers are longer than itself');
    if (length > this.#maxMessage) throw broken(`it is longer than ${this.#maxMessage} bytes`);
    return length;
  }

  /** Shows the message between two offsets, once its checksum is found right. */
  #show(bytes: Buffer, from: number, to: number): void {
    const start = from + PRELUDE;
    const payload = start + bytes.readUInt32BE(from + 4);
    const end = to - TRAILER;
    const wanted = bytes.readUInt32BE(end);
    const prelude = checksum(bytes, from + 8, start, this.#lengths);
    const { run } = this.#head;
    // Where the checksum is right with the last head in the place of this one, they are the same: a checksum tells no more
    // of any message than that. Finding that out takes four steps, where to compare them takes as many as there are bytes.
    const isSame = payload - start === run.length && checksum(bytes, payload, end, run.checksum(prelude)) === wanted;
    if (!isSame) {
      if (checksum(bytes, start, end, prelude) !== wanted) throw broken('its checksum is wrong');
      this.#head = knownHead(bytes, start, payload) ?? read(bytes, start, payload);
    }
    this.#frame.reset(this.#head, bytes, payload, end);
    this.#listener(this.#frame, from, to);
  }
}

function read(bytes: Buffer, start: number, end: number): MessageHead {
  try {
    return readHead(bytes, start, end);
  } catch (cause) {
    throw broken(`its headers cannot be read: ${(cause as Error).message}`);
  }
}

function broken(what: string): GatewayError {
  return new GatewayError(
    'GW_UPSTREAM_INVALID',
    `The provider sent a message of its event stream that is broken: ${what}.`,
  );
}
