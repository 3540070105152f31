/** All breakers of a gateway: they decide which calls are let through, and answer for the health of targets. */
import {
  GatewayError,
  type Attempt,
  type AttemptOutcome,
  type Claim,
  type Clock,
  type Health,
  type Logger,
  type MeterClaims,
  type State,
  type Target,
  type TargetHealth,
} from '@gatewright/core';
import { Breaker, seconds, type BreakerHouse } from './breaker.ts';
import { Checks } from './checks.ts';
import { Notices } from './notices.ts';
import type { Named, TermsBook } from './terms.ts';
import { isImpatience, ofProvider, verdictOf } from './verdict.ts';

/** What a reload may change. */
export interface Service {
  readonly book: TermsBook;
  /** Whether providers as a whole are guarded. */
  readonly providers: boolean;
  /** Whether replicas tell each other. */
  readonly share: boolean;
  readonly state: State | undefined;
  readonly log: Logger;
}

export interface WardParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
}

/** Breakers of names that clients made up go when there are more than these. */
const MOST = 10_000;
/** How long one waits where all that may try a target are on their way, in milliseconds. */
const BUSY = 1000;
/** A call that tries a target and whose gateway died is counted no longer than this, in milliseconds. */
const ROUND = 120_000;

export class Ward implements Health {
  readonly #parts: WardParts;
  readonly #house: BreakerHouse;
  readonly #notices: Notices;
  readonly #checks: Checks;
  readonly #breakers = new Map<string, Breaker>();
  /** Those that are not closed, by the ids of targets (with a slash) and of providers (without). */
  readonly #troubled = new Map<string, Breaker>();
  #service: Service;

  constructor(parts: WardParts, service: Service) {
    this.#parts = parts;
    this.#service = service;
    this.#notices = new Notices(parts, {
      opening: (id, opening) => {
        const breaker = this.#heardOf(id);
        if (breaker?.hearOpening(opening) === true) this.#trouble(breaker, ', as another replica has found');
      },
      closing: (id) => {
        const breaker = this.#troubled.get(id);
        if (breaker?.hearClosing() === true) this.#troubled.delete(id);
      },
    });
    this.#checks = new Checks(parts, (id, fault, every) => {
      const target = this.#service.book.find(id);
      if (target !== undefined) this.#breakerOf(target).check(fault, every);
    });
    this.#house = {
      ...parts,
      opened: (breaker) => {
        this.#trouble(breaker, '');
        this.#notices.opened(breaker);
      },
      closed: (breaker, reason, lasted) => {
        this.#troubled.delete(breaker.id);
        this.#notices.closed(breaker);
        const message = `${breaker.id} is called again after ${seconds(lasted)}.`;
        this.#service.log.warn(message, { target: breaker.id, reason, lasted: Math.round(lasted) });
      },
    };
  }

  /** From now on it works for this configuration. */
  serve(service: Service): void {
    this.#service = service;
    const { book, providers, share, state } = service;
    for (const [id, breaker] of this.#breakers) {
      if (breaker.scope === 'provider' ? providers : book.find(id) !== undefined) continue;
      this.#breakers.delete(id);
      this.#troubled.delete(id);
    }
    this.#notices.follow(share ? state?.board : undefined);
    this.#checks.follow(book.checked);
  }

  /** Stops listening to others. */
  close(): void {
    this.#notices.close();
    this.#checks.close();
  }

  /**
   * Lets a call through, undefined, or as one that tries whether the target is back, with a claim. Throws
   * `GW_TARGET_UNHEALTHY` where the target is not to be called.
   */
  admit(attempt: Attempt): MeterClaims | undefined {
    const { target } = attempt;
    const own = this.#troubled.get(target.id);
    if (own === undefined && !this.#service.providers) return undefined;
    const provider = this.#service.providers ? this.#troubled.get(target.provider) : undefined;
    return own === undefined && provider === undefined ? undefined : this.#try([provider, own], attempt);
  }

  /** Takes what came of a call. */
  record(outcome: AttemptOutcome, attempt: Attempt): void {
    const { target } = attempt;
    const breaker = this.#breakerOf(target);
    const { callerTimeout } = breaker.terms;
    const verdict = isImpatience(outcome, attempt, callerTimeout) ? 'none' : verdictOf(outcome);
    if (breaker.terms.enabled) breaker.record(verdict, outcome, attempt);
    if (!this.#service.providers || !this.#service.book.common.enabled) return;
    this.#providerOf(target.provider).record(ofProvider(outcome, verdict), outcome, attempt);
  }

  of(target: string): TargetHealth | undefined {
    const own = this.#breakers.get(target);
    const provider = this.#service.providers ? this.#troubled.get(target.slice(0, target.indexOf('/'))) : undefined;
    if (provider !== undefined && (own === undefined || own.isClosed || provider.left > own.left)) return provider;
    return own?.terms.enabled === true ? own : undefined;
  }

  all(): readonly TargetHealth[] {
    return [...this.#breakers.values()].filter(({ terms }) => terms.enabled);
  }

  #try(troubled: readonly (Breaker | undefined)[], attempt: Attempt): MeterClaims | undefined {
    const { clock } = this.#parts;
    const trying: Breaker[] = [];
    for (const breaker of troubled) {
      if (breaker === undefined || breaker.isClosed) continue;
      if (breaker.left > 0) throw this.#unhealthy(breaker, attempt);
      const under = breaker.probes.count(clock.monotonic(), attempt, () => breaker.succeed());
      // One of them has just closed it.
      if (breaker.isClosed) continue;
      if (under >= breaker.terms.probes) throw this.#unhealthy(breaker, attempt);
      trying.push(breaker);
    }
    // A dry run calls nobody.
    if (attempt.exchange.trace !== undefined || trying.length === 0) return undefined;
    for (const breaker of trying) breaker.probes.begin(attempt, clock.monotonic());
    if (this.#service.state === undefined) return undefined;
    return { claims: trying.map((breaker) => this.#claim(breaker, attempt)) };
  }

  /** So many at once on all replicas: the state counts them, and forgets nobody but those whose gateway has died. */
  #claim(breaker: Breaker, attempt: Attempt): Claim {
    const { clock } = this.#parts;
    const limit = BigInt(breaker.terms.probes);
    const round = Math.floor((clock.now() - breaker.since) / ROUND);
    return {
      scope: `probe:${breaker.id}#${breaker.opening?.id ?? ''}.${round}`,
      unit: 'probes',
      window: { kind: 'held', name: 'probes' },
      kind: 'limit',
      amount: 1n,
      limit,
      outage: { allowance: limit },
      label: `calls that try ${breaker.id}`,
      refusal: () => {
        breaker.probes.end(attempt);
        return this.#unhealthy(breaker, attempt);
      },
    };
  }

  #unhealthy(breaker: Breaker, attempt: Attempt): GatewayError {
    const { reason = 'it has failed', left, id } = breaker;
    const when = left > 0 ? `in ${seconds(left)}` : 'right now by others';
    const message = `${id} is not called: ${reason}. It is tried again ${when}.`;
    return new GatewayError('GW_TARGET_UNHEALTHY', message, {
      target: attempt.target.id,
      retryAfter: this.#soonest(attempt.exchange.route?.targets ?? [attempt.target]),
    });
  }

  /** Milliseconds until the first of these targets that are not called may be called again. */
  #soonest(targets: readonly Target[]): number {
    let soonest = Infinity;
    for (const { id, provider } of targets) {
      const own = this.#troubled.get(id);
      const whole = this.#service.providers ? this.#troubled.get(provider) : undefined;
      if (own === undefined && whole === undefined) continue;
      soonest = Math.min(soonest, Math.max(own?.left ?? 0, whole?.left ?? 0) || BUSY);
    }
    return Number.isFinite(soonest) ? soonest : BUSY;
  }

  #breakerOf(target: Named): Breaker {
    const { book } = this.#service;
    const breaker = this.#breakers.get(target.id);
    if (breaker === undefined) return this.#add(new Breaker(target.id, 'target', book.of(target), this.#house), book);
    if (breaker.book !== book) breaker.configure(book.of(target), book);
    return breaker;
  }

  #providerOf(id: string): Breaker {
    const { book } = this.#service;
    const breaker = this.#breakers.get(id);
    if (breaker === undefined) return this.#add(new Breaker(id, 'provider', book.common, this.#house), book);
    if (breaker.book !== book) breaker.configure(book.common, book);
    return breaker;
  }

  /** The breaker of what another replica speaks of, where it is in this one's configuration. */
  #heardOf(id: string): Breaker | undefined {
    const known = this.#breakers.get(id);
    const { book, providers } = this.#service;
    if (known !== undefined) return known;
    if (id.includes('/')) {
      const target = book.find(id);
      return target === undefined ? undefined : this.#breakerOf(target);
    }
    return providers ? this.#providerOf(id) : undefined;
  }

  #add(breaker: Breaker, book: TermsBook): Breaker {
    breaker.book = book;
    if (this.#breakers.size >= MOST) {
      for (const [id, one] of this.#breakers) if (one.isIdle) this.#breakers.delete(id);
      // All are busy: the oldest goes, and begins anew when it is called again.
      const [oldest = ''] = this.#breakers.keys();
      if (this.#breakers.size >= MOST) this.#breakers.delete(oldest);
      this.#troubled.delete(oldest);
    }
    this.#breakers.set(breaker.id, breaker);
    return breaker;
  }

  #trouble(breaker: Breaker, how: string): void {
    this.#troubled.set(breaker.id, breaker);
    const { id, reason, left } = breaker;
    this.#service.log.warn(`${id} is not called for ${seconds(left)}${how}: ${reason}.`, {
      target: id,
      reason,
      left: Math.round(left),
    });
  }
}
