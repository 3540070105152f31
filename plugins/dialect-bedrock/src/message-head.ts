/** What the headers of a message say, known again by their bytes: a stream has the same few again and again. */
import { FixedRun } from './fixed-run.ts';
import { readHeaders } from './message-headers.ts';

/** What the event of a message without a type of its own is called: an error that the protocol has no shape for. */
export const UNMODELED = ':error';

/** The event of an exception begins with this, so that no event can pass for one. */
const EXCEPTION = ':exception:';

/** The type of the exception that a frame's event names; undefined where it is no exception. */
export function exceptionOf(event: string): string | undefined {
  return event.startsWith(EXCEPTION) ? event.slice(EXCEPTION.length) : undefined;
}

export interface MessageHead {
  readonly run: FixedRun;
  readonly event: string;
  /** What the headers say of an error that the protocol has no shape for. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** The heads of events, by the bytes of their headers. */
const known = new Map<string, MessageHead>();

/** The head of a message that has been read before; undefined where its headers are new. */
export function knownHead(bytes: Buffer, start: number, end: number): MessageHead | undefined {
  return known.get(bytes.toString('latin1', start, end));
}

/** Reads the headers between two offsets. Throws RangeError where they are not well formed. */
export function readHead(bytes: Buffer, start: number, end: number): MessageHead {
  const headers = readHeaders(bytes, start, end);
  const run = new FixedRun(Buffer.from(bytes.subarray(start, end)));
  const kind = headers.get(':message-type');
  if (kind === 'exception') return { run, event: `${EXCEPTION}${headers.get(':exception-type') ?? ''}` };
  if (kind === 'error') {
    const error = { code: headers.get(':error-code') ?? '', message: headers.get(':error-message') ?? '' };
    return { run, event: UNMODELED, error };
  }
  const head: MessageHead = { run, event: headers.get(':event-type') ?? '' };
  // Whoever makes up ever new headers is read all the same, but not kept.
  if (known.size < 64 && run.bytes.length < 256) known.set(bytes.toString('latin1', start, end), head);
  return head;
}
