/** Errors on their way from one process to another. */
import { GatewayError, isGatewayError, type ErrorDetails, type GatewayErrorCode } from '../errors.ts';

/** An error as a message can carry it. */
export interface SentError {
  readonly message: string;
  /** Of a gateway's own error, its code and what can be sent of its details. */
  readonly code?: GatewayErrorCode;
  readonly details?: ErrorDetails;
  readonly stack?: string;
}

export function sentError(error: unknown): SentError {
  if (isGatewayError(error)) {
    // A cause may hold anything, also what cannot be sent; the log of the process that it came from has it.
    const { cause: _cause, ...details } = error.details;
    return { message: error.message, code: error.code, details };
  }
  if (!(error instanceof Error)) return { message: String(error) };
  return { message: error.message, ...(error.stack !== undefined && { stack: error.stack }) };
}

export function receivedError({ message, code, details = {}, stack }: SentError): Error {
  if (code !== undefined) return new GatewayError(code, message, details);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
