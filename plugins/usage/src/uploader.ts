/** Brings rows to the store in batches: those of this process from memory, those that only files have from the files. */
import { usageRowFromJson, usageRowsIn, type Clock, type Logger, type Store, type UsageRow } from '@gatewright/core';
import { Batch, type Source } from './batch.ts';
import type { LateRows } from './late-rows.ts';

/** Rows of one batch. */
const BATCH = 500;
/** Batches that are kept to be filled again: made anew for each, they would be most of what grows old and has to be collected. */
const SPARE = 2;
/** Milliseconds that the first row of a batch waits for others: what a batch costs by itself is shared by more of them. */
const GATHER = 100;
/** Milliseconds between tries while the store cannot be reached: the first, and the longest. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;

export interface UploaderOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** Is called when a batch is in the store. */
  readonly onStored: () => void;
}

export class Uploader {
  /** What a state that is rebuilt must be told of; undefined where none ever is. */
  late: LateRows | undefined;
  #store: Store;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #onStored: () => void;
  #batches: Batch[] = [];
  /** Rows are kept back in it until it is undefined again. */
  #held: Batch[] | undefined;
  readonly #spare: Batch[] = [];
  #waiting = 0;
  #timer: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #sending: Promise<void> | undefined;
  #pause = FIRST_PAUSE;
  #failing = false;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor({ store, clock, log, onStored }: UploaderOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#onStored = onStored;
  }

  /** Rows go there from now on: a reload may have taken another store. */
  storeIn(store: Store): void {
    this.#store = store;
  }

  /** Rows that wait in memory. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Copies so many rows as lines of JSON. `early`: they are older than the hold that may be on. */
  add(lines: Uint8Array, rows: number, source: Source, early = false): void {
    const held = early ? undefined : this.#held;
    this.#batchFor(held ?? this.#batches, rows).add(lines, rows, source);
    this.#waiting += rows;
    if (held === undefined) this.#later(GATHER);
  }

  /** All rows of a file; `done` is told when they are in the store. `early`: they are older than the hold that may be on. */
  addAll(rows: readonly string[], done: () => void, early = false): void {
    const source = allOf(rows, done);
    for (let from = 0; from < rows.length; from += BATCH) {
      const some = rows.slice(from, from + BATCH);
      this.add(Buffer.from(some.join('\n')), some.length, source, early);
    }
  }

  /** Resolves when all that was added before is in the store. Rejects with `GW_STORE_UNAVAILABLE` where it cannot be. */
  async flush(): Promise<void> {
    this.#timer?.();
    this.#timer = undefined;
    await this.#running;
    try {
      while (this.#batches.length > 0 || this.#sending !== undefined) await this.#batch();
    } finally {
      if (this.#batches.length > 0) this.#later(this.#pause);
    }
  }

  /** Rows that are kept back. */
  heldBack(): readonly UsageRow[] {
    return (this.#held ?? []).flatMap(({ lines }) => usageRowsIn(lines)).map(usageRowFromJson);
  }

  /** Keeps rows back that are added from now on. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    this.#batches.push(...(this.#held ?? []));
    this.#held = undefined;
    if (this.#batches.length > 0) this.#later(GATHER);
  }

  /** Resolves when nothing waits, or when the clock says that it was enough. Then nothing more is sent. */
  async close(patience: number): Promise<void> {
    this.release();
    if (this.#batches.length > 0 || this.#running !== undefined) {
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
        if (this.#batches.length > 0) this.#later(this.#failing ? this.#pause : GATHER);
        else for (const idle of this.#idle.splice(0)) idle();
      });
    });
  }

  async #run(): Promise<void> {
    try {
      while (this.#batches.length > 0) {
        await this.#batch();
        // Small batches one behind the other cost more than what is in them: who came meanwhile waits for more.
        if (this.#batches.length === 1) break;
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

  /** Who comes while a batch is on its way waits for that: what is in it is in nobody's hands but its. */
  #batch(): Promise<void> {
    this.#sending ??= this.#send().finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  async #send(): Promise<void> {
    const batch = this.#batches.shift() as Batch;
    try {
      const outcomes = await this.#store.addUsage(batch.lines);
      this.late?.note(batch.lines, outcomes, this.#clock.now());
    } catch (error) {
      this.#batches.unshift(batch);
      throw error;
    }
    this.#waiting -= batch.rows;
    batch.empty();
    if (this.#spare.length < SPARE) this.#spare.push(batch);
    this.#onStored();
  }

  /** The last of these, where it has room for so many rows, or another behind it. */
  #batchFor(batches: Batch[], rows: number): Batch {
    const last = batches.at(-1);
    if (last !== undefined && last.rows + rows <= BATCH) return last;
    const next = this.#spare.pop() ?? new Batch();
    batches.push(next);
    return next;
  }
}

function allOf(rows: readonly string[], done: () => void): Source {
  let left = rows.length;
  return {
    stored(count) {
      left -= count;
      if (left === 0) done();
    },
  };
}
