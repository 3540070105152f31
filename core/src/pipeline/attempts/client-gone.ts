/** What becomes of an attempt whose exchange is ended from outside: it is cancelled, or read to its end without its client. */
import { isGatewayError } from '../../errors.ts';
import type { LiveAttempt } from './live-attempt.ts';

/** Whether this is what an exchange is aborted with when its client has left. */
export function isGone(reason: unknown): boolean {
  return isGatewayError(reason) && reason.code === 'GW_CLIENT_CLOSED';
}

/** Aborts the attempt, or, where its target is drained and only the client has left, lets it go on for a while. */
export function endFor(attempt: LiveAttempt, reason: Error): void {
  const { onClientGone: drain } = attempt.target;
  if (typeof drain === 'string' || !isGone(reason) || !outlives(attempt)) {
    attempt.abort.abort(reason);
    return;
  }
  const { exchange, leave } = attempt;
  const cancel = exchange.kernel.clock.after(drain.time, () => attempt.abort.abort(reason));
  attempt.leave = () => {
    cancel();
    leave?.();
  };
  exchange.drained = reason;
  attempt.flight?.letGo(drain.tokens);
}

/** The end of the gateway does not wait for it. */
function outlives(attempt: LiveAttempt): boolean {
  const { exchange, leave } = attempt;
  try {
    const release = exchange.kernel.outlive(attempt.abort);
    attempt.leave = () => {
      release();
      leave?.();
    };
    return true;
  } catch {
    return false;
  }
}
