/** All counters of a process, by their scopes: a hold has a few of each, and finds them without a name put together for it. */
import type { Claim, ClaimWindow } from '@gatewright/core';
import { Counter, lengthOf } from './counter.ts';

/** Scopes that one step of the sweep looks at. A hold begins no more counters than that drops, in the long run. */
const STEPS = 4;

export class Counters {
  readonly #scopes = new Map<string, Counter[]>();
  /** Goes round the scopes, a few with each hold. */
  #sweep: Iterator<[string, Counter[]]> | undefined;

  get size(): number {
    let size = 0;
    for (const counters of this.#scopes.values()) size += counters.length;
    return size;
  }

  find(scope: string, unit: string, kind: ClaimWindow['kind'], name: string): Counter | undefined {
    const counters = this.#scopes.get(scope);
    if (counters === undefined) return undefined;
    for (const one of counters) if (one.unit === unit && one.name === name && one.kind === kind) return one;
    return undefined;
  }

  /** The counter of a claim, which begins to be where it was not, or was for a window of another length. */
  of({ scope, unit, window, kind }: Claim, allKnown: boolean, now: number): Counter {
    const found = this.find(scope, unit, window.kind, window.name);
    if (found !== undefined && found.length === lengthOf(window)) return found;
    const known = allKnown || kind === 'limit' || window.kind === 'held';
    return this.add(scope, new Counter(unit, window, known, now), found);
  }

  /** `instead` of another, where there was one. */
  add(scope: string, counter: Counter, instead?: Counter): Counter {
    const counters = this.#scopes.get(scope) ?? [];
    if (counters.length === 0) this.#scopes.set(scope, counters);
    if (instead === undefined) counters.push(counter);
    else counters[counters.indexOf(instead)] = counter;
    return counter;
  }

  /** Drops some of those that nobody has asked for since a moment, and that nothing is left in. */
  step(since: number, now: number): void {
    for (let steps = 0; steps < STEPS; steps++) {
      this.#sweep ??= this.#scopes.entries();
      const next = this.#sweep.next();
      if (next.done === true) {
        this.#sweep = undefined;
        return;
      }
      const [scope, counters] = next.value;
      this.#clean(scope, counters, since, now);
    }
  }

  #clean(scope: string, counters: Counter[], since: number, now: number): void {
    for (let index = counters.length - 1; index >= 0; index--) {
      const counter = counters[index] as Counter;
      if (counter.used < since && !counter.clean(now)) counters.splice(index, 1);
    }
    if (counters.length === 0) this.#scopes.delete(scope);
  }
}
