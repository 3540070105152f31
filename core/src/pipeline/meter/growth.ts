/** Holds that grow while a stream flows, because what it was expected to produce was a guess. */
import { isSameCounter } from '../../counter.ts';
import type { Claim, State } from '../../state.ts';
import type { Reserved } from './claims.ts';
import type { LiveAttempt } from '../attempts/live-attempt.ts';
import { refused, type Refusal } from './reserve.ts';

/** More is asked for when so much of what was expected has been produced. */
const NEAR = 0.8;
/** What is expected then, in parts of what was expected before. */
const FACTOR = 2;

/** What tells how far an answer is. */
export interface Producing {
  /** Calls back once, when the answer has so many output tokens. */
  whenProduced(tokens: number, reached: (produced: number) => void): void;
}

/** Asks the state for more as the answer nears what it was expected to be. Ends the attempt where a claim says so and it is refused. */
export function growHold(attempt: LiveAttempt, stream: Producing): void {
  const { state } = attempt.exchange.kernel;
  const { expected } = attempt.reserved ?? {};
  if (expected === undefined || state === undefined) return;
  stream.whenProduced(expected * NEAR, (produced) => {
    const next = Math.max(expected, produced) * FACTOR;
    grow(attempt, state, next)
      .catch((error: unknown) => {
        // What the answer really uses is billed in full, whatever is held.
        attempt.exchange.kernel.logger.warn('A hold could not be made larger.', { attempt: attempt.id, error });
        attempt.reserved = { ...(attempt.reserved as Reserved), expected: next };
      })
      .finally(() => growHold(attempt, stream));
  });
}

/** Claims that may finish short are left as they are where they are refused; the others grow without them. */
async function grow(attempt: LiveAttempt, state: State, expected: number): Promise<void> {
  let reserved = attempt.reserved as Reserved;
  for (;;) {
    const claims = reserved.claims.map((claim) => grown(claim, expected));
    const more = claims.some(({ amount }, index) => amount !== reserved.claims[index]?.amount);
    const answer = more
      ? await state.extend(
          attempt.id,
          claims.map(({ amount }) => amount),
        )
      : undefined;
    if (attempt.outcome !== undefined) return;
    if (answer === undefined || answer.ok) {
      attempt.reserved = { ...reserved, claims, expected: more ? expected : undefined };
      return;
    }
    if (answer.refused.whenShort === 'stop') {
      attempt.abort.abort(refused(answer, attempt, 'the rest of this answer'));
      return;
    }
    noteShort(attempt, answer);
    reserved = without(reserved, answer.refused);
  }
}

function grown(claim: Claim, expected: number): Claim {
  const amount = claim.amountFor?.(expected) ?? 0n;
  return amount > claim.amount ? { ...claim, amount } : claim;
}

/** What was reserved, with the refused claim asking for no more. */
function without({ claims, grants }: Reserved, short: Claim): Reserved {
  return { grants, claims: claims.map((claim) => (isSameCounter(claim, short) ? still(claim) : claim)) };
}

function still({ amountFor: _amountFor, ...claim }: Claim): Claim {
  return claim;
}

function noteShort({ exchange, target }: LiveAttempt, { refused: claim }: Refusal): void {
  const whose = claim.label ?? claim.scope;
  const message = `An answer goes on beyond what ${whose} has left, and is billed in full.`;
  exchange.kernel.logger.warn(message, { scope: claim.scope, window: claim.window.name, target: target.id });
}
