/** How the bytes of a stream are looked at on their way through. */
import type { Summary } from '../dialect.ts';
import type { GatewayError } from '../errors.ts';

export interface Lens {
  /** All that was seen so far: a combination of `Sight` bits. */
  readonly seen: number;
  /** What is known of the answer so far. */
  readonly summary: Summary;
  /** Frames that were no good and were left out. */
  readonly malformed: number;
  /** Takes the provider's bytes and adds what goes to the client to `out`. Throws a GatewayError. */
  push(chunk: Buffer, out: Buffer[]): void;
  /** The provider's bytes have ended: adds what is still due, but no end marker. */
  finish(out: Buffer[]): void;
  /** Adds the dialect's end marker, which the provider forgot. */
  close(out: Buffer[]): void;
  /** The frames that end the stream with this error. */
  failure(error: GatewayError): Buffer;
}

/** Encoded frames as bytes. */
export function toBuffer(frames: string | Buffer): Buffer {
  return typeof frames === 'string' ? Buffer.from(frames) : frames;
}
