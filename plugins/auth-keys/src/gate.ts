/** Lets only so many reads of the store be under way at once, each source in its turn, and no reader wait for long. */
import type { Clock } from '@gatewright/core';
import { FairQueue } from './fair-queue.ts';
import { unavailable, within } from './follower.ts';
import { Generations } from './generations.ts';

/** So many lookups in a row that found nobody's key, and where they came from is a stranger. */
const STRANGE = 10;
/** How many sources are remembered. */
const SOURCES = 10_000;
/** Strangers get every so manyth turn, where others wait as well, and this part of the places to wait. */
const SHARE = 4;

/** A reader in a queue. */
interface Reader {
  go(): void;
  refuse(): void;
  /** Nobody waits for it any more. */
  over: boolean;
}

export class Gate {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #longest: number;
  readonly #timeout: number;
  readonly #others = new FairQueue<Reader>();
  readonly #strangers = new FairQueue<Reader>();
  /** How many lookups of a source in a row have found nothing. */
  readonly #misses = new Generations<number>(SOURCES);
  #turn = 0;
  #running = 0;

  /** `most` reads at once, `longest` that wait their turn, and `timeout` milliseconds for waiting and reading together. */
  constructor(clock: Clock, most: number, longest: number, timeout: number) {
    this.#clock = clock;
    this.#most = most;
    this.#longest = longest;
    this.#timeout = timeout;
  }

  /** Rejects with `GW_STORE_UNAVAILABLE` where too many wait already, and where it takes too long. */
  run<T>(read: () => Promise<T>, source = ''): Promise<T> {
    const reader: Reader = { go: () => undefined, refuse: () => undefined, over: false };
    const reading = within(this.#clock, this.#timeout, () => this.#enter(read, source, reader));
    return reading.finally(() => {
      reader.over = true;
    });
  }

  /** Whether a lookup of this source found a key. */
  found(source: string, isKey: boolean): void {
    if (isKey) this.#misses.delete(source);
    else this.#misses.set(source, (this.#misses.get(source) ?? 0) + 1);
  }

  /** A read that nobody waits for any more keeps its place until it ends: the store is still at work on it. */
  async #enter<T>(read: () => Promise<T>, source: string, reader: Reader): Promise<T> {
    if (this.#running >= this.#most) await this.#wait(source, reader);
    else this.#running++;
    try {
      return await read();
    } finally {
      // The place goes on to the next in the queue.
      const next = this.#next();
      if (next === undefined) this.#running--;
      else next.go();
    }
  }

  #wait(source: string, reader: Reader): Promise<void> {
    const isStrange = (this.#misses.get(source) ?? 0) >= STRANGE;
    const queue = isStrange ? this.#strangers : this.#others;
    const places = isStrange ? Math.ceil(this.#longest / SHARE) : this.#longest;
    if (queue.size >= places) {
      const displaced = queue.displace(source);
      if (displaced === undefined) return Promise.reject(unavailable('too many keys are being looked up'));
      displaced.refuse();
    }
    return new Promise((resolve, reject) => {
      reader.go = resolve;
      reader.refuse = () => reject(unavailable('too many keys are being looked up'));
      queue.push(source, reader);
    });
  }

  #next(): Reader | undefined {
    for (;;) {
      const strangersTurn = this.#others.size === 0 || ++this.#turn % SHARE === 0;
      const reader = (strangersTurn ? this.#strangers.shift() : undefined) ?? this.#others.shift();
      if (reader === undefined || !reader.over) return reader;
    }
  }
}
