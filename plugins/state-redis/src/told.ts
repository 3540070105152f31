/** What may be told of the client's errors: their words, and not the command, which may have had the password in it. */
import { isGatewayError } from '@gatewright/core';

/** The error without what the client has hung on it. */
export function told(error: unknown): unknown {
  if (error === undefined || isGatewayError(error)) return error;
  if (!(error instanceof Error)) return new Error('The client threw something that is no error.');
  const { message, name } = error;
  return new Error(message === '' ? ((error as NodeJS.ErrnoException).code ?? name) : message);
}
