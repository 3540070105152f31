/** Remembers what was made of records, by a name, for as long as none of them has changed. */
import type { Clock } from '@gatewright/core';
import type { Derived, Follower } from './follower.ts';
import { Generations } from './generations.ts';

/** Notes the records that something is made of. */
export interface Parts {
  add(part: string): void;
}

/** How much is remembered, and for how many milliseconds. */
export interface Memory {
  readonly capacity: number;
  readonly ttl: number;
}

interface Resolved<V> extends Derived {
  /** Null where there is nothing of this name. */
  readonly value: V | null;
  /** Of the monotonic clock. */
  readonly loaded: number;
}

/** How often something is made anew whose records change while they are read. */
const TRIES = 3;

export class Resolutions<V extends object> {
  readonly #follower: Follower;
  readonly #clock: Clock;
  readonly #memory: Memory;
  readonly #absence: Memory;
  readonly #resolve: (name: string, parts: Parts, source?: string) => Promise<V | null>;
  readonly #known: Generations<Resolved<V>>;
  /** Names of nothing, apart from the others: a flood of them pushes nothing out. */
  readonly #absent: Generations<Resolved<V>>;
  readonly #running = new Map<string, Promise<V | null>>();

  constructor(
    follower: Follower,
    clock: Clock,
    memory: Memory,
    absence: Memory,
    resolve: (name: string, parts: Parts, source?: string) => Promise<V | null>,
  ) {
    this.#follower = follower;
    this.#clock = clock;
    this.#memory = memory;
    this.#absence = absence;
    this.#resolve = resolve;
    this.#known = new Generations(memory.capacity);
    this.#absent = new Generations(absence.capacity);
  }

  /** What is known and holds still: null where there is nothing of this name, undefined where it must be read. `now` is monotonic. */
  peek(name: string, now: number): V | null | undefined {
    const known = this.#known.get(name);
    if (known !== undefined) {
      return now - known.loaded <= this.#memory.ttl && this.#follower.holds(known) ? known.value : undefined;
    }
    const absent = this.#absent.get(name);
    if (absent === undefined || now - absent.loaded > this.#absence.ttl) return undefined;
    return this.#follower.holds(absent) ? null : undefined;
  }

  /** What is known and holds still, however long ago it was read: for when the store cannot be asked. */
  recall(name: string): V | undefined {
    const known = this.#known.get(name);
    return known !== undefined && this.#follower.holds(known) ? (known.value ?? undefined) : undefined;
  }

  /** Reads it; whoever asks for the same meanwhile is given the same. `source`: where the one who asks came from. */
  load(name: string, source?: string): Promise<V | null> {
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    const load = this.#load(name, source).finally(() => this.#running.delete(name));
    this.#running.set(name, load);
    return load;
  }

  async #load(name: string, source: string | undefined): Promise<V | null> {
    for (let tries = 1; ; tries++) {
      const parts = new Set<string>();
      const { tick } = this.#follower;
      const value = await this.#resolve(name, parts, source);
      const resolved = { value, parts: [...parts], checked: tick, loaded: this.#clock.monotonic() };
      if (this.#follower.holds(resolved)) {
        (value === null ? this.#absent : this.#known).set(name, resolved);
        if (value === null) this.#known.delete(name);
        return value;
      }
      // What was read may be older than what is known to have changed: it is never remembered.
      if (tries === TRIES) return value;
    }
  }
}
