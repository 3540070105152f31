/** One message of the binary event stream, as the frame that codecs look at. */
import type { Frame } from '@gatewright/core/wire';
import type { MessageHead } from './message-head.ts';

const EMPTY = Buffer.alloc(0);

/** A frame that reads its payload when asked; valid until the next reset. */
export class MessageFrame implements Frame {
  event = '';
  replacement = '';
  #bytes: Buffer = EMPTY;
  #start = 0;
  #end = 0;
  #error: MessageHead['error'];

  /** Shows a message with its payload between two offsets. */
  reset({ event, error }: MessageHead, bytes: Buffer, start: number, end: number): void {
    this.event = event;
    this.#error = error;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.replacement = '';
  }

  get ascii(): string {
    return this.#bytes.toString('latin1', this.#start, this.#end);
  }

  text(): string {
    return this.#bytes.toString('utf8', this.#start, this.#end);
  }

  /** The payload. An error without a shape has none, and shows what its headers say. */
  json(): unknown {
    return this.#error ?? JSON.parse(this.text());
  }
}
