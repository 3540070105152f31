/** Makes of exchanges and attempts what can be sent to the thread of an isolated plugin. */
import type { Attempt, AttemptOutcome } from '../attempt.ts';
import type { Exchange } from '../exchange.ts';
import { sentError } from '../workers/failure.ts';
import type { AttemptView, ExchangeView, OutcomeView } from './protocol.ts';

export function exchangeView(exchange: Exchange): ExchangeView {
  const { id, operation, headers, method, path, remoteAddress, credential } = exchange;
  const { identity, model, stream, cause, depth } = exchange;
  return {
    id,
    operation,
    headers: { ...headers },
    method,
    path,
    remoteAddress,
    credential,
    identity,
    model,
    stream,
    cause,
    depth,
  };
}

export function attemptView(attempt: Attempt): AttemptView {
  const { id, number, target, dialect, body, headers, stream, maxOutput } = attempt;
  return { id, number, target, dialect, body: body && bytesAlone(body), headers, stream, maxOutput };
}

/** In a buffer of their own: who sends bytes to a thread sends all of the buffer they are in, with what others have there. */
export function bytesAlone(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

export function outcomeView({ error, ...outcome }: AttemptOutcome): OutcomeView {
  return error === undefined ? outcome : { ...outcome, error: sentError(error) };
}
