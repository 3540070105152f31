/** How much each target has left of the budgets and limits that are its own, by what the state told last. */
import type { Attempt, Balance, Claim, Counter, State } from '@gatewright/core';
import { BoundedMap } from '../bounded-map.ts';

/** How old a balance may be before it is asked for again, in milliseconds. */
const FRESH = 2000;
/** How long what was reserved once is thought of, in milliseconds: limits are taken out of configurations. */
const TRUSTED = 600_000;
/** The most counters that are asked for at once. */
const BATCH = 500;

interface Told {
  counter: Counter;
  limit: bigint;
  /** From 0 to 1. */
  left: number;
  resetsAt: number;
  /** When the state was asked last. */
  asked: number;
  /** When something was reserved of it last. */
  claimed: number;
}

export class Balances {
  readonly #told = new BoundedMap<Told>();
  /** The counters of each target. */
  readonly #of = new BoundedMap<Set<Told>>();
  #asking = false;
  #next = 0;
  #state: State | undefined;

  /** The state of the kernel that serves now; a reload brings another. */
  use(state: State | undefined): void {
    this.#state = state;
  }

  /** The smallest part that is left of any of them; 1 where nothing is known. */
  left(target: string, now: number): number {
    const counters = this.#of.get(target);
    if (counters === undefined) return 1;
    let least = 1;
    for (const { left, resetsAt, claimed } of counters) {
      if (left < least && now < resetsAt && now < claimed + TRUSTED) least = left;
    }
    return least;
  }

  /** Learns from what was reserved for an attempt. */
  learn({ target, reserved }: Attempt, now: number): void {
    if (reserved === undefined) return;
    for (const [index, claim] of reserved.claims.entries()) {
      const grant = reserved.grants[index];
      if (claim.limit === undefined || grant === undefined || !isTargets(claim.scope)) continue;
      const told = this.#note(claim, claim.limit, now);
      tell(told, grant.balance, now);
      let counters = this.#of.get(target.id);
      if (counters === undefined) this.#of.set(target.id, (counters = new Set()));
      counters.add(told);
    }
  }

  /** Asks for what is old, beside the requests: nobody waits for it. */
  refresh(now: number): void {
    const state = this.#state;
    if (state === undefined || this.#asking || now < this.#next) return;
    this.#next = now + FRESH;
    const old = [...this.#told.values()].filter(({ asked }) => now - asked >= FRESH).slice(0, BATCH);
    if (old.length === 0) return;
    this.#asking = true;
    state.balances(old.map(({ counter }) => counter)).then(
      (balances) => {
        this.#asking = false;
        for (const [index, told] of old.entries()) tell(told, balances[index], now);
      },
      // A state that cannot be reached is told by those who need it; here the old figures stay.
      () => (this.#asking = false),
    );
  }

  #note(claim: Claim, limit: bigint, now: number): Told {
    const { scope, unit, window } = claim;
    const key = `${scope}\n${unit}\n${window.kind}\n${window.name}`;
    let told = this.#told.get(key);
    // The periods of a window move on, and a limit may have been changed.
    if (told === undefined) {
      told = { counter: claim, limit, left: 1, resetsAt: Infinity, asked: now, claimed: now };
      this.#told.set(key, told);
    }
    told.counter = { scope, unit, window };
    told.limit = limit;
    told.claimed = now;
    return told;
  }
}

function tell(told: Told, balance: Balance | undefined, now: number): void {
  told.asked = now;
  if (balance === undefined) return;
  const used = Number(balance.spent + balance.reserved);
  told.left = told.limit <= 0n ? 0 : Math.min(1, Math.max(0, 1 - used / Number(told.limit)));
  told.resetsAt = balance.resetsAt ?? Infinity;
}

/** Whether a counter is of targets or providers alone: what a caller has left of their own is the same for every target. */
function isTargets(scope: string): boolean {
  return /^(?:(?:target|provider):[^ ]*(?: |$))+$/.test(scope);
}
