/** The board of a state that is kept in memory. */
import type { Board, Clock, Notice } from '@gatewright/core';
import { checkNotice, MOST_NOTICES } from './notice-size.ts';

type Listener = (notice: Notice) => void;

interface Kept {
  readonly value: string;
  /** When it goes, Unix milliseconds. */
  readonly until: number;
}

export class MemoryBoard implements Board {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #topics = new Map<string, Map<string, Kept>>();
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  async post(topic: string, key: string, value: string, ttl: number): Promise<void> {
    checkNotice(topic, key, value, ttl);
    const notices = this.#upOf(topic);
    this.#topics.set(topic, notices);
    notices.delete(key);
    if (notices.size >= MOST_NOTICES) notices.delete(firstToGo(notices));
    notices.set(key, { value, until: this.#clock.now() + ttl });
    for (const listener of this.#listeners.get(topic) ?? []) tell(listener, { key, value, left: ttl });
  }

  follow(topic: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    // One that follows twice is told twice, and each of the two ends by itself.
    const own: Listener = (notice) => listener(notice);
    listeners.add(own);
    const now = this.#clock.now();
    for (const [key, { value, until }] of this.#upOf(topic)) tell(own, { key, value, left: until - now });
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
    };
  }

  /** The notices of a topic, without those whose time is over. */
  #upOf(topic: string): Map<string, Kept> {
    const notices = this.#topics.get(topic) ?? new Map<string, Kept>();
    const now = this.#clock.now();
    for (const [key, { until }] of notices) if (until <= now) notices.delete(key);
    return notices;
  }
}

function firstToGo(notices: ReadonlyMap<string, Kept>): string {
  let first = '';
  let soonest = Infinity;
  for (const [key, { until }] of notices) {
    if (until >= soonest) continue;
    first = key;
    soonest = until;
  }
  return first;
}

/** A listener that breaks its promise not to throw must not fail the one who posts, nor keep it from the others. */
function tell(listener: Listener, notice: Notice): void {
  try {
    listener(notice);
  } catch {
    // There is nobody to tell.
  }
}
