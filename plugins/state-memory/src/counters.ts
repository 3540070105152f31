/** All counters of a process, by their scopes: a hold has a few of each, and finds them without a name put together for it. */
import type { Claim, ClaimWindow } from '@gatewright/core';
import { Counter, lengthOf } from './counter.ts';

/** Scopes that one step of the sweep looks at. A hold begins no more counters than that drops, in the long run. */
const STEPS = 4;

interface Scope {
  readonly name: string;
  readonly counters: Counter[];
}

export class Counters {
  readonly #scopes = new Map<string, Scope>();
  /** The same in a row, for the sweep that goes round them, a few with each hold. */
  readonly #row: Scope[] = [];
  #next = 0;

  get size(): number {
    return this.#row.reduce((size, { counters }) => size + counters.length, 0);
  }

  find(scope: string, unit: string, kind: ClaimWindow['kind'], name: string): Counter | undefined {
    const found = this.#scopes.get(scope);
    if (found === undefined) return undefined;
    for (const one of found.counters) if (one.unit === unit && one.name === name && one.kind === kind) return one;
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
  add(name: string, counter: Counter, instead?: Counter): Counter {
    const counters = this.#countersOf(name);
    if (instead === undefined) counters.push(counter);
    else counters[counters.indexOf(instead)] = counter;
    return counter;
  }

  #countersOf(name: string): Counter[] {
    let scope = this.#scopes.get(name);
    if (scope === undefined) {
      scope = { name, counters: [] };
      this.#scopes.set(name, scope);
      this.#row.push(scope);
    }
    return scope.counters;
  }

  /** Drops some of those that nobody has asked for since a moment, and that nothing is left in. */
  step(since: number, now: number): void {
    const row = this.#row;
    for (let steps = Math.min(STEPS, row.length); steps > 0; steps--) {
      if (this.#next >= row.length) this.#next = 0;
      const scope = row[this.#next] as Scope;
      if (isInUse(scope, since, now)) this.#next++;
      else this.#drop(scope);
    }
  }

  /** The last of the row takes its place, and is looked at next. */
  #drop({ name }: Scope): void {
    this.#scopes.delete(name);
    const last = this.#row.pop() as Scope;
    if (last.name !== name) this.#row[this.#next] = last;
  }
}

/** Drops what is not in use of a scope, and tells whether anything is left. */
function isInUse({ counters }: Scope, since: number, now: number): boolean {
  for (let index = counters.length - 1; index >= 0; index--) {
    const counter = counters[index] as Counter;
    if (counter.used < since && !counter.clean(now)) counters.splice(index, 1);
  }
  return counters.length > 0;
}
