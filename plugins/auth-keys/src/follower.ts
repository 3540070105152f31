/** Follows the store's log of changes, so that what is remembered of a record is known to hold still. */
import { GatewayError, type Clock, type Logger, type Store } from '@gatewright/core';

/** Milliseconds between two looks at the log, where nothing tells of changes. */
const INTERVAL = 500;

/** Milliseconds after a look at the log for which what is remembered counts as current. */
const CURRENT = 1000;

/** Changed records that are remembered one by one; when there are more, everything counts as changed. */
const REMEMBERED = 50_000;

/** The last sequence that a log can have; asks where it stands. */
const END = Number.MAX_SAFE_INTEGER;

/** Something that was made of records: of which, and when it was last known to hold. */
export interface Derived {
  readonly parts: readonly string[];
  checked: number;
}

/** How a record is called among the parts of what was made of it. */
export const partOf = (kind: string, id: string): string => `${kind} ${id}`;

export class Follower {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #timeout: number;
  /** Counts the changes that were taken in; the log's own numbers may start anew where a store was restored. */
  #tick = 1;
  /** What was last checked before this tick is not known to hold. */
  #floor = 0;
  readonly #changed = new Map<string, number>();
  #position = END;
  /** The monotonic time at which the last look began that was answered. */
  #currentAt = Number.NEGATIVE_INFINITY;
  #failing = false;
  #looking: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #unlisten: (() => void) | undefined;
  #stopped = false;

  constructor(store: Store, clock: Clock, log: Logger, timeout: number) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#timeout = timeout;
  }

  /** Where it stands; what is read from the store after this was asked is at least as new. */
  get tick(): number {
    return this.#tick;
  }

  /** Whether the last look at the log failed. */
  get failing(): boolean {
    return this.#failing;
  }

  /** Milliseconds since everything that is remembered was known to be current. `now` is of the monotonic clock. */
  age(now: number): number {
    return now - this.#currentAt;
  }

  isCurrent(now: number): boolean {
    return now - this.#currentAt <= CURRENT;
  }

  /** Whether nothing that this was made of has changed since. */
  holds(derived: Derived): boolean {
    const { checked, parts } = derived;
    if (checked === this.#tick) return true;
    if (checked < this.#floor) return false;
    for (const part of parts) if ((this.#changed.get(part) ?? 0) > checked) return false;
    derived.checked = this.#tick;
    return true;
  }

  /** Finds out where the log stands, and follows it from there. Rejects with `GW_STORE_UNAVAILABLE`. */
  async start(): Promise<void> {
    await this.sync();
    this.#unlisten = this.#store.onChange(() => void this.sync().catch(() => undefined));
    this.#again();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#unlisten?.();
  }

  /** Takes in all changes that were made before this was called. Rejects with `GW_STORE_UNAVAILABLE`. */
  sync(): Promise<void> {
    if (this.#looking === undefined) {
      const looking = this.#look().finally(() => {
        this.#looking = undefined;
      });
      this.#looking = looking;
      return looking;
    }
    // The look that is under way may have begun too early.
    this.#next ??= this.#looking
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.sync();
      });
    return this.#next;
  }

  #again(): void {
    if (this.#stopped) return;
    this.#cancel = this.#clock.after(INTERVAL, () => {
      this.sync()
        .catch(() => undefined)
        .finally(() => this.#again());
    });
  }

  async #look(): Promise<void> {
    if (this.#stopped) return;
    const begun = this.#clock.monotonic();
    try {
      await within(this.#clock, this.#timeout, () => this.#read());
    } catch (error) {
      if (!this.#failing) this.#log.warn('The store does not tell what has changed.', { error });
      this.#failing = true;
      throw error;
    }
    if (this.#failing) this.#log.info('The store tells again what has changed.');
    this.#failing = false;
    this.#currentAt = begun;
  }

  async #read(): Promise<void> {
    for (;;) {
      const from = this.#position;
      const { changes, last } = await this.#store.changes(from);
      // A look that was given up meanwhile must not move what another has moved.
      if (from !== this.#position) return;
      if (last < from) {
        // The first look, or the store was put back to an older state.
        this.#position = last;
        this.#forget();
        return;
      }
      const end = changes.at(-1)?.sequence;
      if (end === undefined) return;
      this.#position = end;
      this.#tick++;
      for (const { kind, id } of changes) this.#changed.set(partOf(kind, id), this.#tick);
      if (this.#changed.size > REMEMBERED) this.#forget();
      if (end >= last) return;
    }
  }

  #forget(): void {
    this.#tick++;
    this.#floor = this.#tick;
    this.#changed.clear();
  }
}

/** What a task answers, or `GW_STORE_UNAVAILABLE` after so many milliseconds and for whatever the store fails with. */
export async function within<T>(clock: Clock, timeout: number, task: () => Promise<T>): Promise<T> {
  let cancel: (() => void) | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(timeout, () => reject(unavailable(`it did not answer within ${timeout} ms`)));
  });
  try {
    return await Promise.race([task(), late]);
  } catch (error) {
    throw asUnavailable(error);
  } finally {
    cancel?.();
  }
}

/** The one error of a store that cannot be asked: whoever calls is not told that their key is wrong. */
export function unavailable(why: string, cause?: unknown): GatewayError {
  const message = `Keys cannot be looked up: the store is not available, ${why}.`;
  return new GatewayError('GW_STORE_UNAVAILABLE', message, {
    retryAfter: CURRENT,
    ...(cause === undefined ? {} : { cause }),
  });
}

function asUnavailable(error: unknown): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'GW_STORE_UNAVAILABLE' ? error : unavailable('it failed', error);
}
