/** How a reply is delivered: what happens before its head, its pieces, their pace, and how it ends. */
import { GatewayError, type Attempt, type Clock, type GatewayErrorCode, type WireReply } from '@gatewright/core';
import type { Piece } from './piece.ts';
import { TimedBody, type Beat, type Ending } from './timed-body.ts';

export interface Delivery {
  /** `refused`: no connection comes about; `silence`: a connection, but never a head. */
  readonly head: 'reply' | 'refused' | 'silence';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until the head. */
  readonly wait: number;
  /** Milliseconds that each token takes. */
  readonly pace: number;
  /** Milliseconds between the opening and the first content, besides the pace. */
  readonly pause: number;
  readonly pieces: readonly Piece[];
  readonly ending: Ending;
  /** The most bytes that arrive at once. */
  readonly chunk: number;
}

/** Resolves when the head is there, as a real call does; rejects with the codes of a real one. */
export function deliver(delivery: Delivery, attempt: Attempt, clock: Clock): Promise<WireReply> {
  const { target } = attempt;
  if (delivery.head === 'refused')
    return Promise.reject(
      new GatewayError(
        'GW_UPSTREAM_UNREACHABLE',
        `${target.id} could not be reached (simulated: connection refused).`,
        {
          target: target.id,
        },
      ),
    );
  const wait = delivery.head === 'silence' ? Infinity : delivery.wait;
  const limit = target.timeouts.headers;
  return new Promise((resolve, reject) => {
    const fail = (code: GatewayErrorCode, message: string, cause?: unknown): void =>
      reject(new GatewayError(code, message, { target: target.id, cause }));
    const arrive = (): void =>
      resolve({ status: delivery.status, headers: delivery.headers, body: bodyOf(delivery, attempt, clock) });
    const waiting = { over: false, stop: (): void => undefined };
    const unlisten = attempt.onAbort((cause) => {
      waiting.over = true;
      waiting.stop();
      fail('GW_CLIENT_CLOSED', 'The call was stopped.', cause);
    });
    const end = (): void => {
      unlisten();
      if (wait <= limit) arrive();
      else fail('GW_UPSTREAM_TIMEOUT', `${target.id} did not begin to answer within ${limit} ms.`);
    };
    if (waiting.over) return;
    if (wait === 0) end();
    else waiting.stop = clock.after(Math.min(wait, limit), end);
  });
}

function bodyOf(delivery: Delivery, attempt: Attempt, clock: Clock): TimedBody {
  const body = new TimedBody({
    clock,
    beats: beatsOf(delivery),
    ending: delivery.ending,
    chunk: delivery.chunk,
    idle: attempt.target.timeouts.idle,
    target: attempt.target.id,
  });
  body.onOver(attempt.onAbort(() => body.cancel()));
  return body;
}

/** When each piece is ready, counted from the head. */
function beatsOf({ pieces, pace, pause }: Delivery): Beat[] {
  let at = 0;
  let begun = false;
  return pieces.map(({ kind, text, tokens, isBytes = false }) => {
    if (!begun && kind === 'content') {
      begun = true;
      at += pause;
    }
    at += tokens * pace;
    return { at, bytes: Buffer.from(text, isBytes ? 'latin1' : 'utf8') };
  });
}
