/** Brings rows to the store in batches: those of this process from memory, those that only files have from the files. */
import type { Clock, Logger, Store, UsageRow } from '@gatewright/core';
import { LateRows } from './late-rows.ts';

/** Rows of one batch. */
const BATCH = 500;
/** Milliseconds that the first row of a batch waits for others. */
const GATHER = 50;
/** Milliseconds between tries while the store cannot be reached: the first, and the longest. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;

/** Rows that belong together: told of when all of them are in the store. */
export interface Parcel {
  readonly rows: readonly UsageRow[];
  stored(): void;
}

/** Rows in parcels of one batch; `stored` is told when the last is in the store. */
export function parcelsOf(rows: readonly UsageRow[], stored: () => void): Parcel[] {
  const parcels: Parcel[] = [];
  for (let from = 0; from < rows.length; from += BATCH) {
    const last = from + BATCH >= rows.length;
    parcels.push({ rows: rows.slice(from, from + BATCH), stored: last ? stored : () => undefined });
  }
  return parcels;
}

export class Uploader {
  readonly late = new LateRows();
  #store: Store;
  readonly #clock: Clock;
  readonly #log: Logger;
  #parcels: Parcel[] = [];
  #timer: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #pause = FIRST_PAUSE;
  #failing = false;
  #closed = false;
  /** Rows are kept back until this is undefined again. */
  #held: Parcel[] | undefined;
  #idle: (() => void)[] = [];

  constructor(store: Store, clock: Clock, log: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  /** Rows go there from now on: a reload may have taken another store. */
  storeIn(store: Store): void {
    this.#store = store;
  }

  /** Rows that wait in memory. */
  get waiting(): number {
    return this.#parcels.length + (this.#held?.length ?? 0);
  }

  /** `early`: the rows are older than the hold that may be on. */
  add(parcel: Parcel, early = false): void {
    if (this.#held !== undefined && !early) {
      this.#held.push(parcel);
      return;
    }
    this.#parcels.push(parcel);
    this.#later(GATHER);
  }

  /** Resolves when all that was added before is in the store. Rejects with `GW_STORE_UNAVAILABLE` where it cannot be. */
  async flush(): Promise<void> {
    this.#timer?.();
    this.#timer = undefined;
    await this.#running;
    try {
      while (this.#parcels.length > 0) await this.#batch();
    } finally {
      if (this.#parcels.length > 0) this.#later(this.#pause);
    }
  }

  /** Rows that are kept back. */
  get heldBack(): readonly UsageRow[] {
    return (this.#held ?? []).flatMap(({ rows }) => rows);
  }

  /** Keeps rows back that are added from now on. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const parcel of held) this.add(parcel);
  }

  /** Resolves when nothing waits, or when the clock says that it was enough. Then nothing more is sent. */
  async close(patience: number): Promise<void> {
    this.release();
    if (this.#parcels.length > 0 || this.#running !== undefined) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.after(patience, resolve);
        this.#idle.push(() => {
          cancel();
          resolve();
        });
        this.#later(0);
      });
    }
    this.#closed = true;
    this.#timer?.();
  }

  #later(delay: number): void {
    if (this.#timer !== undefined || this.#running !== undefined || this.#closed) return;
    this.#timer = this.#clock.after(delay, () => {
      this.#timer = undefined;
      this.#running = this.#run().finally(() => {
        this.#running = undefined;
        if (this.#parcels.length > 0) this.#later(this.#failing ? this.#pause : GATHER);
        else for (const idle of this.#idle.splice(0)) idle();
      });
    });
  }

  async #run(): Promise<void> {
    try {
      while (this.#parcels.length > 0) {
        await this.#batch();
        // Small batches one behind the other cost more than what is in them: who came meanwhile waits for more.
        if (this.#parcels.length < BATCH) break;
      }
      this.#mended();
    } catch (error) {
      if (!this.#failing) this.#log.error('Usage rows cannot be stored; they wait in the journal.', { error });
      this.#failing = true;
      this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    }
  }

  #mended(): void {
    if (this.#failing) this.#log.info('Usage rows are stored again.');
    this.#failing = false;
    this.#pause = FIRST_PAUSE;
  }

  async #batch(): Promise<void> {
    const parcels: Parcel[] = [];
    const rows: UsageRow[] = [];
    for (const parcel of this.#parcels) {
      if (rows.length > 0 && rows.length + parcel.rows.length > BATCH) break;
      parcels.push(parcel);
      rows.push(...parcel.rows);
    }
    const outcomes = await this.#store.addUsage(rows);
    this.late.note(rows, outcomes, this.#clock.now());
    this.#parcels.splice(0, parcels.length);
    for (const parcel of parcels) parcel.stored();
  }
}
