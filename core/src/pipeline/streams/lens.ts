/** How the bytes of a stream are looked at on their way through. */
import type { Summary } from '../../dialect.ts';
import type { GatewayError } from '../../errors.ts';

export interface Lens {
  /** All that was seen so far: a combination of `Sight` bits. */
  readonly seen: number;
  /** What is known of the answer so far. */
  readonly summary: Summary;
  /** Frames that were no good and were left out. */
  readonly malformed: number;
  /** Output tokens so far, as far as events and their sizes tell; a bill is made of it where a broken stream left no usage. */
  readonly produced: number;
  /** Frames so far that said something: no comments, and no pings. */
  readonly told: number;
  /** Takes the provider's bytes and adds what goes to the client to `out`. Throws a GatewayError. */
  push(chunk: Buffer, out: Buffer[]): void;
  /** The provider's bytes have ended: adds what is still due, but no end marker. */
  finish(out: Buffer[]): void;
  /** Adds the dialect's end marker, which the provider forgot. */
  close(out: Buffer[]): void;
  /** The frames that end the stream with this error. */
  failure(error: GatewayError): Buffer;
}

/** How many tokens an event of this size carries, about: one at least, and one more for every so many bytes. */
export function tokensIn(bytes: number): number {
  return Math.max(1, bytes >> 7);
}

/** Encoded frames as bytes. */
export function toBuffer(frames: string | Buffer): Buffer {
  return typeof frames === 'string' ? Buffer.from(frames) : frames;
}
