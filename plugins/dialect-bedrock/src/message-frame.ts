/** One message of the binary event stream, as the frame that codecs look at. */
import type { Frame } from '@gatewright/core/wire';
import { PRELUDE, TRAILER } from './message.ts';
import { readHeaders } from './message-headers.ts';

const EMPTY = Buffer.alloc(0);

/** What the event of a message without a type of its own is called: an error that the protocol has no shape for. */
export const UNMODELED = ':error';

/** The event of an exception begins with this, so that no event can pass for one. */
const EXCEPTION = ':exception:';

/** The type of the exception that a frame's event names; undefined where it is no exception. */
export function exceptionOf(event: string): string | undefined {
  return event.startsWith(EXCEPTION) ? event.slice(EXCEPTION.length) : undefined;
}

/** A frame that reads its payload when asked; valid until the next reset. */
export class MessageFrame implements Frame {
  event = '';
  replacement = '';
  #bytes: Buffer = EMPTY;
  #start = 0;
  #end = 0;
  #error: { readonly code: string; readonly message: string } | undefined;

  /** Shows the message that begins at `start`. Throws RangeError where its headers are not well formed. */
  reset(bytes: Buffer, start: number, length: number): void {
    const headersEnd = start + PRELUDE + bytes.readUInt32BE(start + 4);
    const headers = readHeaders(bytes, start + PRELUDE, headersEnd);
    this.#bytes = bytes;
    this.#start = headersEnd;
    this.#end = start + length - TRAILER;
    this.#error = undefined;
    this.replacement = '';
    const kind = headers.get(':message-type');
    if (kind === 'exception') this.event = `${EXCEPTION}${headers.get(':exception-type') ?? ''}`;
    else if (kind === 'error') {
      this.event = UNMODELED;
      this.#error = { code: headers.get(':error-code') ?? '', message: headers.get(':error-message') ?? '' };
    } else this.event = headers.get(':event-type') ?? '';
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
