/** Ends an attempt that takes longer than it may: one timer for its first content, for what comes next, and for all of it. */
import { GatewayError } from '../../errors.ts';
import type { Timeouts } from '../../route.ts';
import { callerTimeout, TOTAL_HEADER } from './caller-timeouts.ts';
import type { LiveAttempt } from './live-attempt.ts';

/** How often a stream is looked at in the time that it may say nothing: more would tell sooner, and cost more. */
const LOOKS = 4;

type Limits = Pick<Timeouts, 'total'> & Required<Pick<Timeouts, 'firstToken' | 'content'>>;

/** Aborts the attempt when its time is over; the answer calls that off. An attempt whose caller's limits are none is aborted at once. */
export function limitDuration(attempt: LiveAttempt): () => void {
  const { exchange, stream } = attempt;
  const { clock } = exchange.kernel;
  const { headers, timings } = exchange;
  let limits: Timeouts;
  let asked: number | undefined;
  try {
    asked = callerTimeout(headers, TOTAL_HEADER);
    limits = attempt.timeouts;
  } catch (error) {
    attempt.abort.abort(error as Error);
    return () => undefined;
  }
  const { firstToken = Infinity, content = Infinity } = limits;
  let { total } = limits;
  if (asked !== undefined) total = Math.max(0, Math.min(total, timings.start + asked - clock.monotonic()));
  const endAll = (): void =>
    giveUp(attempt, asked === undefined ? `finish within ${total} ms` : 'finish in the time that the request allows');
  if (!stream || Math.min(firstToken, content) >= total) return clock.after(total, endAll);
  return watchStream(attempt, { firstToken, content, total }, endAll);
}

/** Most streams are over at the first look. */
function watchStream(attempt: LiveAttempt, { firstToken, content, total }: Limits, endAll: () => void): () => void {
  const { clock } = attempt.exchange.kernel;
  const start = clock.monotonic();
  /** When it was last seen to have said something. */
  let heard = start;
  let told: number | undefined;
  let cancel: () => void;
  const look = (): void => {
    const now = clock.monotonic();
    const passed = now - start;
    const begun = attempt.begun || attempt.flight?.begun === true;
    const next = attempt.flight?.told;
    // A client that takes nothing keeps the provider waiting.
    if (!begun || next === undefined || next !== told) heard = now;
    told = next;
    if (passed >= total) endAll();
    else if (!begun && passed >= firstToken) giveUp(attempt, `begin its answer within ${firstToken} ms`);
    else if (now - heard >= content)
      giveUp(attempt, `say anything for ${content} ms, and only kept its connection open`);
    else cancel = clock.after(Math.min(total - passed, content / LOOKS, begun ? Infinity : firstToken - passed), look);
  };
  cancel = clock.after(Math.min(firstToken, content / LOOKS), look);
  return () => cancel();
}

function giveUp({ abort, target }: LiveAttempt, what: string): void {
  abort.abort(new GatewayError('GW_UPSTREAM_TIMEOUT', `${target.id} did not ${what}.`, { target: target.id }));
}
