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

/** What the headers of a message say. */
interface Head {
  readonly event: string;
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

/** The heads of events, by the bytes of their headers: a stream has the same few again and again. */
const heads = new Map<string, Head>();

function headOf(bytes: Buffer, start: number, end: number): Head {
  const key = bytes.toString('latin1', start, end);
  const known = heads.get(key);
  if (known !== undefined) return known;
  const headers = readHeaders(bytes, start, end);
  const kind = headers.get(':message-type');
  if (kind === 'exception') return { event: `${EXCEPTION}${headers.get(':exception-type') ?? ''}`, error: undefined };
  if (kind === 'error') {
    const error = { code: headers.get(':error-code') ?? '', message: headers.get(':error-message') ?? '' };
    return { event: UNMODELED, error };
  }
  const head: Head = { event: headers.get(':event-type') ?? '', error: undefined };
  // Whoever makes up ever new headers is read all the same, but not kept.
  if (heads.size < 64 && key.length < 256) heads.set(key, head);
  return head;
}

/** A frame that reads its payload when asked; valid until the next reset. */
export class MessageFrame implements Frame {
  event = '';
  replacement = '';
  #bytes: Buffer = EMPTY;
  #start = 0;
  #end = 0;
  #error: Head['error'];

  /** Shows the message that begins at `start`. Throws RangeError where its headers are not well formed. */
  reset(bytes: Buffer, start: number, length: number): void {
    const headersEnd = start + PRELUDE + bytes.readUInt32BE(start + 4);
    const { event, error } = headOf(bytes, start + PRELUDE, headersEnd);
    this.event = event;
    this.#error = error;
    this.#bytes = bytes;
    this.#start = headersEnd;
    this.#end = start + length - TRAILER;
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
