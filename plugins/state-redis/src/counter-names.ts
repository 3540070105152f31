/** The names of a ledger's counters, put together once for each. */
import type { Claim, ClaimWindow } from '@gatewright/core';
import { packClaim } from './encode.ts';
import type { EpochKeys } from './keys.ts';

/** A counter that holds of this process were on lately. */
export interface CounterName {
  readonly unit: string;
  readonly kind: ClaimWindow['kind'];
  readonly name: string;
  /** Its key, in the epoch that it was last asked for. */
  key: string;
  epoch: EpochKeys | undefined;
  /** What is kept of a claim on it with a hold. */
  readonly packed: { budget: string; limit: string };
  /** Where it is a budget's: what the store is asked for. */
  budget: Claim | undefined;
}

/** A ledger of one tenant has a few; where there are more than these, the older ones have no row that is kept back. */
const MOST_SCOPES = 50_000;

export class CounterNames {
  readonly #byScope = new Map<string, CounterName[]>();

  /** The name of a claim's counter. */
  of({ scope, unit, window, kind }: Claim): CounterName {
    let found = this.find(scope, unit, window.kind, window.name);
    if (found === undefined) {
      found = this.#add(scope, {
        unit,
        kind: window.kind,
        name: window.name,
        key: '',
        epoch: undefined,
        packed: { budget: '', limit: '' },
        budget: undefined,
      });
    }
    if (found.packed[kind] === '') found.packed[kind] = packClaim(scope, unit, window, kind);
    return found;
  }

  /** A counter's name, where this process has held something on it. */
  find(scope: string, unit: string, kind: ClaimWindow['kind'], name: string): CounterName | undefined {
    const names = this.#byScope.get(scope);
    if (names === undefined) return undefined;
    for (const one of names) if (one.unit === unit && one.name === name && one.kind === kind) return one;
    return undefined;
  }

  /** Its key in an epoch. */
  keyOf(name: CounterName, scope: string, epoch: EpochKeys): string {
    if (name.epoch !== epoch) {
      name.epoch = epoch;
      name.key = epoch.counter(scope, name.unit, name.kind, name.name);
    }
    return name.key;
  }

  /** Notes that a hold is on a budget: its bill may have to be posted when it is gone. */
  note({ scope, unit, window, kind, label }: Claim, name: CounterName): void {
    if (kind !== 'budget' || name.budget?.window === window) return;
    name.budget = { scope, unit, window, kind, amount: 0n, ...(label === undefined ? {} : { label }) };
  }

  #add(scope: string, name: CounterName): CounterName {
    if (this.#byScope.size > MOST_SCOPES) this.#byScope.clear();
    const names = this.#byScope.get(scope);
    if (names === undefined) this.#byScope.set(scope, [name]);
    else names.push(name);
    return name;
  }
}
