/** Errors inside a stream: an end of the message that tells of a failure, or an error in its place. */
import type { ErrorEvent, GatewayError, JsonObject } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { errorIn, failureOf } from './error.ts';
import { frame } from './frames.ts';
import { isObject } from './reading.ts';

/** Whether a frame is the mark at the end of the stream. */
export function isDone(frame: Frame): boolean {
  const { ascii } = frame;
  return ascii.length < 16 && ascii.trim() === '[DONE]';
}

/** The error that an event tells of; undefined where it tells of none. */
export function streamError(event: JsonObject): Omit<ErrorEvent, 'type'> | undefined {
  const { type, delta } = event;
  if (type === 'message-end' && isObject(delta)) {
    const failure = failureOf(delta['finish_reason'], delta['error']);
    return failure === undefined ? undefined : { status: failure.status, message: failure.message };
  }
  if (type !== undefined && type !== 'error') return undefined;
  const error = errorIn(event);
  if (error === undefined) return undefined;
  const { status, message, type: errorType, code } = error;
  return {
    status,
    message,
    ...(errorType === undefined ? {} : { errorType }),
    ...(code === undefined ? {} : { code }),
  };
}

/** The frame that ends a stream with an error: there is no other place for it in this dialect. */
export function encodeFailure(message: string): string {
  return frame('message-end', { type: 'message-end', delta: { error: message, finish_reason: 'ERROR' } });
}

export function encodeStreamError(error: GatewayError): string {
  return encodeFailure(error.message);
}
