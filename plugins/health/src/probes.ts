/** The calls that try whether a target is back, of this process. */
import type { Attempt } from '@gatewright/core';

/** A call that was not begun after so many milliseconds was refused by something else. */
const BEGUN_WITHIN = 5_000;

interface Probe {
  readonly attempt: Attempt;
  /** When it asked, on the monotonic clock. */
  readonly asked: number;
  answering: boolean;
}

export class Probes {
  readonly #under = new Map<string, Probe>();

  /** Notes that a call is about to try it. */
  begin(attempt: Attempt, now: number): void {
    this.#under.set(attempt.id, { attempt, asked: now, answering: false });
  }

  /** A call is over, or could not begin. Answers whether it was one of those that count, and has not been counted yet. */
  end({ id }: Attempt): boolean {
    const probe = this.#under.get(id);
    this.#under.delete(id);
    return probe !== undefined;
  }

  /** How many are under way besides this one; `answers` is told of each that has begun to answer since it was last asked. */
  count(now: number, but: Attempt, answers: () => void): number {
    let count = 0;
    for (const [id, probe] of this.#under) {
      // Whoever waits for a place at the target is asked for again.
      if (id === but.id) continue;
      if (isLost(probe, now)) this.#under.delete(id);
      else if (isAnswering(probe)) {
        // A stream may take minutes: that it has begun is enough.
        this.#under.delete(id);
        answers();
      } else count++;
    }
    return count;
  }

  clear(): void {
    this.#under.clear();
  }
}

function isLost({ attempt, asked }: Probe, now: number): boolean {
  return now - asked > BEGUN_WITHIN && !attempt.exchange.attempts.includes(attempt);
}

/** Whether it has streamed content, wanted or not: where two calls race each other, the slower one has answered, too. */
function isAnswering({ attempt }: Probe): boolean {
  return attempt.stream && attempt.begun === true;
}
