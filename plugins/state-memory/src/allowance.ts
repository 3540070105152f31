/** What may be used while the state cannot be reached: so much per counter, process and outage. */
import type { Claim, Clock, Grant, HoldRequest, Posting, Reservation } from '@gatewright/core';
import { counterKey, growth, noPeriod, periodAt } from './window.ts';

interface Use {
  reserved: bigint;
  spent: bigint;
}

export class Allowance {
  readonly #now: () => number;
  readonly #uses = new Map<string, Use>();
  readonly #holds = new Map<string, readonly Claim[]>();

  /** The clock is this process's guess of the state's own. */
  constructor(clock: Pick<Clock, 'now'>) {
    this.#now = () => clock.now();
  }

  /** Whether a hold was granted from the allowance and is not settled. */
  has(id: string): boolean {
    return this.#holds.has(id);
  }

  /** Grants a hold whose claims all have enough of their allowance left; undefined where one has not. */
  take({ id, claims }: HoldRequest): Reservation | undefined {
    const uses: Use[] = [];
    const grants: Grant[] = [];
    for (const claim of claims) {
      const { outage, amount } = claim;
      if (outage === undefined || outage === 'closed') return undefined;
      const use = this.#use(claim);
      if (use.spent + use.reserved + amount > outage.allowance) return undefined;
      uses.push(use);
      grants.push({ period: this.#period(claim), balance: { spent: use.spent, reserved: use.reserved + amount } });
    }
    for (const [index, use] of uses.entries()) use.reserved += claims[index]?.amount ?? 0n;
    this.#holds.set(id, claims);
    return { ok: true, grants, outage: true };
  }

  /** Makes a hold of the allowance as large as these amounts, where what is left of it allows that. */
  extend(id: string, amounts: readonly bigint[]): Reservation {
    const claims = this.#holds.get(id) ?? [];
    const more = claims.map(({ amount }, index) => growth(amount, amounts[index]));
    for (const [index, claim] of claims.entries()) {
      const { spent, reserved } = this.#use(claim);
      const { outage } = claim;
      const allowance = typeof outage === 'object' ? outage.allowance : 0n;
      if (spent + reserved + (more[index] ?? 0n) > allowance) return { ok: false, refused: claim };
    }
    const grants = claims.map((claim, index): Grant => {
      const use = this.#use(claim);
      use.reserved += more[index] ?? 0n;
      return { period: this.#period(claim), balance: { ...use } };
    });
    this.#holds.set(
      id,
      claims.map((claim, index) => Object.assign({}, claim, { amount: claim.amount + (more[index] ?? 0n) })),
    );
    return { ok: true, grants, outage: true };
  }

  /** Ends a hold of the allowance; what was really used stays used until the outage is over. */
  settle(id: string, postings: readonly Posting[]): void {
    const claims = this.#holds.get(id);
    if (claims === undefined) return;
    this.#holds.delete(id);
    for (const claim of claims) this.#use(claim).reserved -= claim.amount;
    for (const { scope, unit, window, name, actual } of postings) {
      const use = this.#uses.get(counterKey(scope, unit, window, name));
      if (use !== undefined) use.spent += actual;
    }
  }

  /** The outage is over: the next one begins with the whole allowance, less what is still under way. */
  end(): void {
    this.#uses.clear();
    for (const claims of this.#holds.values()) {
      for (const claim of claims) this.#use(claim).reserved += claim.amount;
    }
  }

  #use({ scope, unit, window }: Claim): Use {
    const key = counterKey(scope, unit, window.kind, window.name);
    let use = this.#uses.get(key);
    if (use === undefined) {
      use = { reserved: 0n, spent: 0n };
      this.#uses.set(key, use);
    }
    return use;
  }

  #period(claim: Claim): string {
    const { window } = claim;
    if (window.kind !== 'periods') return '';
    const now = this.#now();
    const period = periodAt(window.periods, now);
    if (period === undefined) throw noPeriod(claim, window.name, now);
    return period.id;
  }
}
