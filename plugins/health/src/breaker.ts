/** The circuit breaker of one target, or of one provider: closed, open, or trying whether it is back. */
import type { Attempt, AttemptOutcome, Clock, TargetHealth } from '@gatewright/core';
import { Probes } from './probes.ts';
import { Tally } from './tally.ts';
import type { Terms } from './terms.ts';
import { wordsFor, type Verdict } from './verdict.ts';

/** A timer may fire a little early; who was told to come back then is not sent away again. Milliseconds. */
const SLACK = 2;
/** By which part an opening may be shorter than it would be, so that replicas and breakers do not all try at once. */
const JITTER = 0.2;

/** One opening, as replicas tell each other of it. */
export interface Opening {
  /** The same on all replicas. */
  readonly id: string;
  readonly reason: string;
  /** Which one in a row, from 0; each is twice as long as the one before. */
  readonly streak: number;
  /** Milliseconds that are left of it. */
  readonly left: number;
}

export interface BreakerHouse {
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  /** Is told of every change that was decided here, not of those that were heard. */
  readonly opened: (breaker: Breaker) => void;
  readonly closed: (breaker: Breaker, reason: string, lasted: number) => void;
}

export class Breaker implements TargetHealth {
  readonly id: string;
  readonly scope: 'target' | 'provider';
  openings = 0;
  terms: Terms;
  book: object | undefined = undefined;
  readonly probes = new Probes();
  readonly #house: BreakerHouse;
  readonly #tally: Tally;
  #row = 0;
  #opening: Opening | undefined;
  /** On the monotonic clock. */
  #until = 0;
  #changed: number;
  #openedFirst = 0;
  #streak = 0;
  #length = 0;
  #successes = 0;
  /** Checks that failed in a row. */
  #faults = 0;

  constructor(id: string, scope: 'target' | 'provider', terms: Terms, house: BreakerHouse) {
    this.id = id;
    this.scope = scope;
    this.terms = terms;
    this.#house = house;
    this.#tally = new Tally(terms.window);
    this.#changed = house.clock.monotonic();
  }

  get isClosed(): boolean {
    return this.#opening === undefined;
  }

  get state(): TargetHealth['state'] {
    if (this.#opening === undefined) return 'closed';
    return this.left > 0 ? 'open' : 'half-open';
  }

  /** Milliseconds until it is tried again; 0 where that may be now. */
  get left(): number {
    const left = this.#until - this.#house.clock.monotonic();
    return this.#opening === undefined || left <= SLACK ? 0 : left;
  }

  get since(): number {
    const half = this.state === 'half-open' ? this.#until : this.#changed;
    return Math.round(this.#wallTime(half));
  }

  get until(): number | undefined {
    return this.state === 'open' ? Math.round(this.#wallTime(this.#until)) : undefined;
  }

  get reason(): string | undefined {
    return this.#opening?.reason;
  }

  get answered(): number {
    this.#tally.slide(this.#house.clock.monotonic());
    return this.#tally.answered;
  }

  get failed(): number {
    this.#tally.slide(this.#house.clock.monotonic());
    return this.#tally.failed;
  }

  /** What others are told of it; undefined where it is closed. */
  get opening(): Opening | undefined {
    return this.#opening === undefined ? undefined : { ...this.#opening, left: this.left };
  }

  /** Whether nothing was heard of it for a while, and nothing is lost with it. */
  get isIdle(): boolean {
    return this.isClosed && this.answered + this.failed === 0;
  }

  /** @param book what the terms are of: who has another asks for them anew. */
  configure(terms: Terms, book: object): void {
    this.terms = terms;
    this.book = book;
    this.#tally.resize(terms.window);
    if (!terms.enabled) this.#reset();
  }

  /** Takes what a call said of the target. */
  record(verdict: Verdict, outcome: AttemptOutcome, attempt: Attempt): void {
    const probe = this.probes.end(attempt);
    const counted = verdict === 'limited' ? this.#limited(outcome) : verdict;
    if (counted === 'none') return;
    if (this.#opening !== undefined) {
      // Calls from before it opened say nothing of whether the target is back.
      if (!probe) return;
      if (counted === 'good') this.succeed();
      else this.#open(`a call that tried it ended with ${wordsFor(outcome.error)}`, outcome.error?.details.retryAfter);
      return;
    }
    this.#tally.add(counted === 'bad', this.#house.clock.monotonic());
    this.#row = counted === 'bad' ? this.#row + 1 : 0;
    if (counted === 'bad') this.#judge(outcome);
  }

  /** Takes what a check of the server found, for the next of which it is long enough to wait. */
  check(fault: string | undefined, every: number): void {
    this.#faults = fault === undefined ? 0 : this.#faults + 1;
    if (fault === undefined) return;
    if (this.#opening !== undefined) {
      // No client's call is spent on a server that is known to be away.
      this.#until = Math.max(this.#until, this.#house.clock.monotonic() + every + SLACK);
    } else if (this.#faults >= this.terms.failures) {
      this.#open(`${this.#faults} checks failed in a row, the last with ${fault}`);
    }
  }

  /** A call that tries the target has begun to answer, or has answered. */
  succeed(): void {
    if (this.#opening === undefined || ++this.#successes < this.terms.successes) return;
    const { reason } = this.#opening;
    const lasted = this.#house.clock.monotonic() - this.#openedFirst;
    this.#close();
    this.#house.closed(this, reason, lasted);
  }

  /** Another replica has opened it. Answers whether that is news. */
  hearOpening(opening: Opening): boolean {
    if (!this.terms.enabled || this.#opening?.id === opening.id) return false;
    if (this.#opening !== undefined && this.left >= opening.left) return false;
    this.#enter(opening, Math.min(opening.left, this.terms.longest));
    return true;
  }

  /** Another replica has closed it. Answers whether that is news. */
  hearClosing(): boolean {
    if (this.#opening === undefined) return false;
    this.#close();
    return true;
  }

  /** Until when a 429 wants to be left alone decides at once; one that does not say counts as a failure. */
  #limited({ error }: AttemptOutcome): Verdict {
    const { rateLimits } = this.terms;
    if (rateLimits === 'ignore') return 'none';
    const wait = error?.details.retryAfter ?? 0;
    if (rateLimits === 'count' || wait <= 0 || this.#opening !== undefined) return 'bad';
    this.#open(`status 429, with a retry-after of ${seconds(wait)}`, wait, true);
    return 'none';
  }

  #judge({ error }: AttemptOutcome): void {
    const { failures, rate, calls } = this.terms;
    const { answered, failed } = this.#tally;
    const all = answered + failed;
    const last = `the last with ${wordsFor(error)}`;
    const { retryAfter } = error?.details ?? {};
    if (this.#row >= failures) {
      const what = failures === 1 ? `a call failed, ${last}` : `${this.#row} calls failed in a row, ${last}`;
      this.#open(what, retryAfter);
    } else if (all >= calls && failed >= rate * all) {
      this.#open(`${failed} of ${all} calls failed within ${seconds(this.terms.window)}, ${last}`, retryAfter);
    }
  }

  /** @param asked milliseconds for which the provider wants to be left alone. */
  #open(reason: string, asked = 0, exactly = false): void {
    const { clock, random, newId } = this.#house;
    const { pause, longest, window } = this.terms;
    const again = this.#opening !== undefined;
    // One that fails soon after it closed is treated as if it had not closed.
    const soon = this.#length > 0 && clock.monotonic() - this.#changed < Math.max(window, this.#length);
    const before = again || soon ? this.#streak : -1;
    const streak = exactly ? Math.max(0, before) : before + 1;
    const doubled = exactly ? 0 : Math.min(longest, pause * 2 ** Math.min(streak, 30));
    const length = Math.min(longest, Math.max(doubled * (1 - JITTER * random()), asked));
    this.#enter({ id: newId(), reason, streak, left: length }, length);
    this.#house.opened(this);
  }

  #enter(opening: Opening, length: number): void {
    const now = this.#house.clock.monotonic();
    if (this.#opening === undefined) this.#openedFirst = now;
    this.#opening = opening;
    this.#streak = opening.streak;
    this.#length = length;
    this.#until = now + length;
    this.#changed = now;
    this.#successes = 0;
    this.#row = 0;
    this.probes.clear();
    this.openings++;
  }

  #close(): void {
    this.#reset();
    this.#changed = this.#house.clock.monotonic();
  }

  #reset(): void {
    this.#opening = undefined;
    this.#until = 0;
    this.#row = 0;
    this.#tally.clear();
    this.probes.clear();
  }

  #wallTime(monotonic: number): number {
    const { clock } = this.#house;
    return clock.now() + monotonic - clock.monotonic();
  }
}

/** `10 s`, `250 ms`. */
export function seconds(milliseconds: number): string {
  return milliseconds >= 1000 ? `${Math.round(milliseconds / 100) / 10} s` : `${Math.round(milliseconds)} ms`;
}
