/** Errors inside a stream: messages that are exceptions. */
import type { GatewayError, UpstreamError } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { errorIn, exceptionName } from './error.ts';
import { encodeMessage } from './message.ts';
import { exceptionOf, UNMODELED } from './message-head.ts';

/** The exceptions that a stream may end with; clients know no others there. */
const IN_STREAMS: ReadonlySet<string> = new Set([
  'InternalServerException',
  'ModelStreamErrorException',
  'ServiceUnavailableException',
  'ThrottlingException',
  'ValidationException',
]);

/** The error that a frame is; undefined where it is none. Never throws. */
export function streamError(frame: Frame): UpstreamError | undefined {
  const type = exceptionOf(frame.event);
  if (type === undefined && frame.event !== UNMODELED) return undefined;
  // Members of the stream begin with a small letter, the exceptions that they are with a capital.
  const name = type === undefined ? undefined : type.slice(0, 1).toUpperCase() + type.slice(1);
  const fallback = { status: 500, message: 'The provider reported an error and did not say which.' };
  try {
    return errorIn(frame.json(), name) ?? fallback;
  } catch {
    return errorIn({}, name) ?? fallback;
  }
}

/** The message that ends a stream with an error. */
export function encodeStreamError({ details, message, status }: GatewayError): Buffer {
  return encodeException(details.upstream?.type, message, status);
}

/** An exception by its name or its status. One that clients do not know inside of streams becomes the error of the model's stream. */
export function encodeException(type: string | undefined, message: string, status: number): Buffer {
  const found = exceptionName(type, status);
  // Only a true 500 is an error of the server that is spoken to; others are those of somebody behind it.
  const fits = IN_STREAMS.has(found) && (found !== 'InternalServerException' || status === 500);
  const isRefused = status >= 400 && status < 424;
  const name = fits ? found : isRefused ? 'ValidationException' : 'ModelStreamErrorException';
  const original = name === 'ModelStreamErrorException' ? { originalStatusCode: status, originalMessage: message } : {};
  return encodeMessage(name.slice(0, 1).toLowerCase() + name.slice(1), { message, ...original }, 'exception');
}
