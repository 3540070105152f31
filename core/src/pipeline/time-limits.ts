/** Ends an attempt that takes longer than it may: one timer for its first content and for all of it. */
import { GatewayError } from '../errors.ts';
import { callerTimeout, FIRST_TOKEN_HEADER, TOTAL_HEADER } from './caller-timeouts.ts';
import type { LiveAttempt } from './live-attempt.ts';

/** Aborts the attempt when its time is over; the answer calls that off. An attempt whose caller's limits are none is aborted at once. */
export function limitDuration(attempt: LiveAttempt): () => void {
  const { exchange, target, stream } = attempt;
  const { clock } = exchange.kernel;
  const { headers, timings } = exchange;
  let { total, firstToken = Infinity } = target.timeouts;
  let asked: number | undefined;
  try {
    asked = callerTimeout(headers, TOTAL_HEADER);
    firstToken = Math.min(firstToken, callerTimeout(headers, FIRST_TOKEN_HEADER) ?? Infinity);
  } catch (error) {
    attempt.abort.abort(error as Error);
    return () => undefined;
  }
  if (asked !== undefined) total = Math.max(0, Math.min(total, timings.start + asked - clock.monotonic()));
  const first = stream ? firstToken : Infinity;
  const endAll = (): void =>
    giveUp(attempt, asked === undefined ? `finish within ${total} ms` : 'finish in the time that the request allows');
  if (first >= total) return clock.after(total, endAll);
  // Most answers have begun by then: only now is the rest of the time looked at.
  let cancel = clock.after(first, () => {
    if (attempt.begun || attempt.flight?.begun === true) cancel = clock.after(total - first, endAll);
    else giveUp(attempt, `begin its answer within ${first} ms`);
  });
  return () => cancel();
}

function giveUp({ abort, target }: LiveAttempt, what: string): void {
  abort.abort(new GatewayError('GW_UPSTREAM_TIMEOUT', `${target.id} did not ${what}.`, { target: target.id }));
}
