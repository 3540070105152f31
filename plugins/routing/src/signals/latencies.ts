/** How fast each target has answered of late: means in which older answers weigh less. */
import type { AttemptOutcome } from '@gatewright/core';
import { BoundedMap } from '../bounded-map.ts';
import { DecayedMean } from './decayed-mean.ts';

/** What a failed call counts as, in milliseconds: an error that comes fast must not look like a fast answer. */
export const FAILED = 30_000;
/** How long one request has a target that nobody knows to itself, in milliseconds. */
const TRIAL = 10_000;

interface Known {
  /** Until the first content of a stream. */
  readonly first: DecayedMean;
  /** Until the end of a whole reply. */
  readonly whole: DecayedMean;
  /** Until when somebody is trying it. */
  triedUntil: number;
}

export class Latencies {
  readonly #known = new BoundedMap<Known>();
  readonly #halfLife: number;
  readonly #measure: 'first-token' | 'total';

  constructor(halfLife: number, measure: 'first-token' | 'total') {
    this.#halfLife = halfLife;
    this.#measure = measure;
  }

  /** Milliseconds; undefined where nothing is known of late. */
  of(target: string, stream: boolean, now: number): number | undefined {
    const known = this.#known.get(target);
    if (known === undefined) return undefined;
    const { first, whole } = known;
    return stream && this.#measure === 'first-token'
      ? (first.at(now) ?? whole.at(now))
      : (whole.at(now) ?? first.at(now));
  }

  /** Learns from an attempt that is over. What says nothing of the target is passed over. */
  learn(target: string, outcome: AttemptOutcome, now: number): void {
    const { timeToFirstToken, duration } = outcome;
    const answered = outcome.result === 'success';
    // One that was outpaced by a hedge would have taken longer than it had.
    const outpaced = outcome.result === 'hedged';
    if (!answered && !outpaced && !isTargetsFault(outcome)) return;
    const known = this.#of(target);
    known.triedUntil = 0;
    const penalty = answered || outpaced ? 0 : FAILED;
    const firstToken = this.#measure === 'first-token' ? timeToFirstToken : undefined;
    if (firstToken !== undefined || !answered) known.first.add(Math.max(firstToken ?? duration, penalty), now);
    if (firstToken === undefined) known.whole.add(Math.max(duration, penalty), now);
  }

  /** Whether nobody is trying the target just now. */
  mayTry(target: string, now: number): boolean {
    return (this.#known.get(target)?.triedUntil ?? 0) <= now;
  }

  trying(target: string, now: number): void {
    this.#of(target).triedUntil = now + TRIAL;
  }

  #of(target: string): Known {
    let known = this.#known.get(target);
    if (known === undefined) {
      known = { first: new DecayedMean(this.#halfLife), whole: new DecayedMean(this.#halfLife), triedUntil: 0 };
      this.#known.set(target, known);
    }
    return known;
  }
}

/** Not the client's fault, not the gateway's, and not that the client left. */
export function isTargetsFault({ result, error, status }: AttemptOutcome): boolean {
  if (result === 'timeout') return true;
  if (result !== 'error' || error?.code.startsWith('GW_UPSTREAM_') !== true) return false;
  return status < 400 || status === 408 || status === 429 || status >= 500;
}
