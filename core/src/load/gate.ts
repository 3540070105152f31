/** Lets so many in at once, and lets the rest wait in a line in which tenants take turns. */
import { GatewayError } from '../errors.ts';
import type { Clock } from '../clock.ts';

/** What a gate allows; given with every entrance, since a reload may change it. */
export interface GateLimits {
  readonly concurrency: number;
  /** How many may wait. */
  readonly queue: number;
  /** How long one may wait, in milliseconds. */
  readonly wait: number;
}

/** Who wants to come in. */
export interface Visitor {
  readonly tenant: string;
  /** Calls the listener where nobody waits for the visitor any more. The answer takes it back. */
  onAbort(listener: (reason: Error) => void): () => void;
}

interface Waiting {
  readonly tenant: string;
  readonly admit: (leave: () => void) => void;
  readonly refuse: (error: Error) => void;
}

/** Clients are told to come again in this time at least and at most, in milliseconds. */
const SOONEST = 1000;
const LATEST = 60_000;

/** How much the last stay counts in the usual length of stays. */
const WEIGHT = 0.1;

export class Gate {
  readonly #clock: Clock;
  readonly #what: string;
  /** By tenant, in the order of turns: who was let in goes to the end. */
  readonly #lines = new Map<string, Waiting[]>();
  #running = 0;
  #waiting = 0;
  #shed = 0;
  #concurrency = 1;
  #usualStay = SOONEST;

  /** `what` it guards, for messages: `The gateway`, `The target acme/large`. */
  constructor(clock: Clock, what: string) {
    this.#clock = clock;
    this.#what = what;
  }

  /** How many are in. */
  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** How many were sent away since the beginning. */
  get shed(): number {
    return this.#shed;
  }

  /**
   * Lets the visitor in, at once or after a wait; the answer lets it out again. Throws `GW_OVERLOADED`, or rejects with
   * it, where it is sent away; rejects with what the visitor is aborted with.
   */
  enter(visitor: Visitor, limits: GateLimits): (() => void) | Promise<() => void> {
    this.#concurrency = limits.concurrency;
    if (this.#running < limits.concurrency && this.#waiting === 0) return this.#admit();
    return this.#wait(visitor, limits);
  }

  /** The error of one who is sent away. */
  refusal(why: string): GatewayError {
    this.#shed++;
    const places = Math.max(1, this.#concurrency);
    const retryAfter = Math.min(LATEST, Math.max(SOONEST, (this.#usualStay * (this.#waiting + 1)) / places));
    return new GatewayError('GW_OVERLOADED', `${this.#what} ${why}.`, { retryAfter });
  }

  #admit(): () => void {
    this.#running++;
    const since = this.#clock.monotonic();
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#running--;
      this.#usualStay += WEIGHT * (this.#clock.monotonic() - since - this.#usualStay);
      this.#next();
    };
  }

  #wait(visitor: Visitor, { queue, wait }: GateLimits): Promise<() => void> {
    const { tenant } = visitor;
    if (this.#waiting >= queue && !this.#makeRoom(tenant)) {
      throw this.refusal('has too much to do, and too many requests wait already');
    }
    return new Promise((resolve, reject) => {
      const ends: (() => void)[] = [];
      const stopWaiting = (): void => {
        for (const end of ends) end();
      };
      const one: Waiting = {
        tenant,
        admit: (leave) => {
          stopWaiting();
          resolve(leave);
        },
        refuse: (error) => {
          stopWaiting();
          reject(error);
        },
      };
      const giveUp = (error: Error): void => {
        this.#remove(one);
        one.refuse(error);
      };
      ends.push(this.#clock.after(wait, () => giveUp(this.refusal(`had no place to give for ${wait} ms`))));
      const line = this.#lines.get(tenant);
      if (line === undefined) this.#lines.set(tenant, [one]);
      else line.push(one);
      this.#waiting++;
      // One who left before is refused here and now.
      ends.push(visitor.onAbort(giveUp));
      // The limit may have been raised since others began to wait.
      this.#next();
    });
  }

  /** Lets in who waits, a tenant at a time. */
  #next(): void {
    while (this.#running < this.#concurrency) {
      const [first] = this.#lines.values();
      const one = first?.[0];
      if (one === undefined) return;
      this.#remove(one);
      const rest = this.#lines.get(one.tenant);
      if (rest !== undefined) {
        this.#lines.delete(one.tenant);
        this.#lines.set(one.tenant, rest);
      }
      one.admit(this.#admit());
    }
  }

  #remove(one: Waiting): void {
    const line = this.#lines.get(one.tenant);
    const at = line?.indexOf(one) ?? -1;
    if (line === undefined || at < 0) return;
    line.splice(at, 1);
    if (line.length === 0) this.#lines.delete(one.tenant);
    this.#waiting--;
  }

  /** Who has the most waiting gives a place up to one who has fewer: nobody can fill the line alone. */
  #makeRoom(tenant: string): boolean {
    let longest: Waiting[] = [];
    for (const line of this.#lines.values()) if (line.length > longest.length) longest = line;
    const last = longest.at(-1);
    if (last === undefined || longest.length <= (this.#lines.get(tenant)?.length ?? 0) + 1) return false;
    this.#remove(last);
    last.refuse(this.refusal('has too much to do, and others have waited for less'));
    return true;
  }
}
