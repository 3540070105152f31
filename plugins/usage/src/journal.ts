/** The journal: every row is in a file of this process before anybody is told of it, and in the store soon after. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  atEndOfStep,
  endOfStep,
  UsageLines,
  usageRowFromJson,
  type Clock,
  type Journal,
  type JournalPause,
  type Logger,
  type State,
  type Store,
  type UsageRow,
} from '@gatewright/core';
import { frame, HEAD } from './frames.ts';
import { claimFolder, filesOf, foldersLeftBehind, forget, keepFolder, leaveFolder, readRows } from './left-behind.ts';
import { LateRows } from './late-rows.ts';
import { RecentIds } from './recent-ids.ts';
import { Segments, type Segment } from './segments.ts';
import { Uploader } from './uploader.ts';

export interface JournalOptions {
  /** The folder that the folders of the processes are in. */
  readonly directory: string;
  /** Bytes after which a file is full. */
  readonly segmentSize: number;
  /** Wait for the disk before an answer ends, not only for the system. */
  readonly durable: boolean;
}

/** Rows that are written at once. */
interface Frame {
  readonly bytes: Buffer;
  readonly rows: number;
}

/** Rows that wait in memory; what comes beyond is read from the files again. */
const MOST_WAITING = 20_000;
/** Milliseconds for which a state knows for certain what it has settled; states remember an hour. */
const REMEMBERED = 3_000_000;
/** Milliseconds between tries to write what could not be written. */
const RETRY = 1000;
/** Milliseconds between signs of life. */
const HEARTBEAT = 5000;
/** Milliseconds that the end of the process waits for the store; what is left then stays in the journal. */
const PATIENCE = 10_000;

export class UsageJournal implements Journal {
  readonly #options: JournalOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #segments: Segments;
  readonly #uploader: Uploader;
  /** For a state that can be rebuilt; undefined where none is. */
  #ids: RecentIds | undefined;
  /** The rows of this step. */
  readonly #lines = new UsageLines(HEAD);
  #gathered = 0;
  /** Rows that could not be written, copied: others are written over them. */
  readonly #unwritten: Frame[] = [];
  /** They are in a file. Bills wait for that: with what is held, the next process finds attempts whose rows this one takes along. */
  #mended: PromiseWithResolvers<void> | undefined;
  #failure: string | undefined;
  readonly #reread = new Set<Segment>();
  #state: State | undefined;
  #rereading: Promise<void> = Promise.resolve();
  readonly #collecting = new Set<string>();
  #paused = 0;
  #cancelBeat: () => void = () => undefined;
  #cancelRetry: () => void = () => undefined;
  #closed = false;

  /** Throws what the system says where the folder cannot be made. */
  constructor(options: JournalOptions, store: Store, clock: Clock, log: Logger) {
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    const boot = `${clock.now()}-${process.pid}-${randomBytes(4).toString('hex')}`;
    this.#segments = new Segments(join(options.directory, boot), options.segmentSize);
    claimFolder(this.#segments.folder);
    this.#uploader = new Uploader({ store, clock, log, onStored: () => this.#catchUp() });
    this.#beat();
  }

  /** Why no row can be written now; undefined where all is well. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /**
   * Takes a row, which is in the file when this step ends, or, where it cannot be written, is kept and tried again. Answers with
   * what is to be waited for until it is on the disk, where it is to be there; that rejects where it could not be written.
   */
  append(row: UsageRow): Promise<void> | undefined {
    this.#take(row);
    return this.#options.durable ? this.#written() : undefined;
  }

  /** Resolves when a row is in the file, or on the disk, where it is to be there. Rejects where it could not be written. */
  write(row: UsageRow): Promise<void> {
    this.#take(row);
    return this.#written();
  }

  /** A state that can be rebuilt uses it: from now on it knows what it wrote, and what of it has come to the store. */
  remember(): void {
    this.#ids ??= new RecentIds();
    this.#uploader.late ??= new LateRows();
  }

  /** All rows so far go to the store; later ones wait for `resume`. Rejects with `GW_STORE_UNAVAILABLE`. */
  async pause(): Promise<JournalPause> {
    void this.#write();
    const written = this.#ids?.copy() ?? new Set();
    // Where a state has several ledgers, each pauses by itself: what an earlier pause keeps back this one does not bring.
    const heldBack = this.#uploader.heldBack();
    for (const { id } of heldBack) written.delete(id);
    this.#paused++;
    this.#uploader.hold();
    // What is only in files goes to the store too; rows that come now are in other files.
    const segments = [...this.#reread];
    for (const segment of segments) this.#segments.rotateIfCurrent(segment);
    const resume = (): void => {
      if (--this.#paused === 0) this.#uploader.release();
    };
    try {
      await this.#uploader.flush();
      await this.#readAgain(segments);
      await this.#uploader.flush();
    } catch (error) {
      resume();
      throw error;
    }
    return {
      has: (id) => written.has(id),
      storedSince: (time) => this.#uploader.late?.since(time) ?? [],
      heldBack: () => heldBack,
      resume,
    };
  }

  /** Sends all that is in memory to the store, and what does not get there in time stays in the files. */
  async close(): Promise<void> {
    void this.#write();
    this.#closed = true;
    this.#cancelBeat();
    this.#cancelRetry();
    this.#retry();
    await this.#uploader.close(PATIENCE);
    this.#segments.rotate();
    leaveFolder(this.#segments.folder);
    this.#segments.remove();
  }

  /** The store that rows are brought to from now on. */
  storeIn(store: Store): void {
    this.#uploader.storeIn(store);
  }

  /** The state in which the holds of processes that are gone are settled as their rows say. */
  settleIn(state: State): void {
    this.#state = state;
  }

  /** Brings to the store what processes that are gone have left. */
  async collect(): Promise<void> {
    const { directory } = this.#options;
    for (const folder of foldersLeftBehind(directory, this.#segments.folder, this.#clock.now())) {
      for (const path of filesOf(folder)) await this.#collectFile(folder, path);
    }
  }

  async #collectFile(folder: string, path: string): Promise<void> {
    if (this.#collecting.has(path)) return;
    this.#collecting.add(path);
    const rows = await readRows(path, this.#log);
    const done = (): void => {
      this.#settleAll(rows)
        .then(() => forget(path, folder))
        .catch((error: unknown) =>
          this.#log.warn('The journal of a process that is gone is looked at again.', { error }),
        )
        .finally(() => this.#collecting.delete(path));
    };
    if (rows.length === 0) {
      done();
      return;
    }
    this.#log.info('Usage rows of a process that is gone are brought to the store.', { path, rows: rows.length });
    this.#uploader.addAll(rows, done);
  }

  /** As the dead process would have done. The state knows which it has settled before; what it may have forgotten is left alone. */
  async #settleAll(rows: readonly string[]): Promise<void> {
    const since = this.#clock.now() - REMEMBERED;
    for (const row of rows) {
      if (this.#state === undefined) return;
      const { id, postings, time } = usageRowFromJson(row);
      if (postings.length > 0 && time > since) await this.#state.settle(id, postings);
    }
  }

  #take(row: UsageRow): void {
    this.#lines.add(row);
    this.#ids?.add(row.id);
    if (++this.#gathered === 1) atEndOfStep(this.#write);
  }

  async #written(): Promise<void> {
    await endOfStep();
    if (this.#failure !== undefined) throw new Error(this.#failure);
    if (this.#options.durable) await this.#segments.synced();
  }

  /** Answers with when the rows are in a file, where they are not. */
  readonly #write = (): Promise<void> | undefined => {
    const rows = this.#gathered;
    if (rows === 0) return undefined;
    this.#gathered = 0;
    const bytes = frame(this.#lines.take());
    try {
      if (this.#failure === undefined) return this.#put({ bytes, rows });
    } catch (error) {
      this.#fail(error as Error);
    }
    this.#unwritten.push({ bytes: Buffer.from(bytes), rows });
    return this.#mended?.promise;
  };

  #put({ bytes, rows }: Frame): undefined {
    const segment = this.#segments.append(bytes, rows);
    if (this.#uploader.waiting < MOST_WAITING) this.#uploader.add(bytes.subarray(HEAD), rows, segment);
    else {
      segment.reread = true;
      this.#reread.add(segment);
    }
  }

  #catchUp(): void {
    if (this.#reread.size === 0 || this.#uploader.waiting > MOST_WAITING / 2) return;
    this.#readAgain([...this.#reread]).catch((error: unknown) =>
      this.#log.error('A file of the usage journal cannot be read.', { error }),
    );
  }

  /** Rows that were too many for memory: their whole file goes again, and those that are in the store already count once. */
  #readAgain(segments: readonly Segment[]): Promise<void> {
    const before = this.#rereading;
    this.#rereading = before.then(() => this.#bringBack(segments));
    return this.#rereading;
  }

  async #bringBack(segments: readonly Segment[]): Promise<void> {
    for (const segment of segments) {
      if (!this.#reread.delete(segment)) continue;
      this.#segments.rotateIfCurrent(segment);
      const rows = await readRows(segment.path, this.#log);
      this.#uploader.addAll(rows, () => segment.done(), true);
    }
  }

  #fail(failure: Error): void {
    this.#log.error('The usage journal cannot be written: no new requests are taken until it can.', { error: failure });
    this.#cancelRetry = this.#clock.after(RETRY, () => this.#retry());
    this.#failure = failure.message;
    this.#mended = Promise.withResolvers();
  }

  /** Tries again what could not be written. */
  #retry(): void {
    if (this.#unwritten.length === 0) return;
    try {
      for (; this.#unwritten[0] !== undefined; this.#unwritten.shift()) this.#put(this.#unwritten[0]);
    } catch (error) {
      this.#failure = (error as Error).message;
      if (!this.#closed) this.#cancelRetry = this.#clock.after(RETRY, () => this.#retry());
      return;
    }
    this.#failure = undefined;
    this.#mended?.resolve();
    this.#mended = undefined;
    this.#log.info('The usage journal can be written again.');
  }

  #beat(): void {
    this.#cancelBeat = this.#clock.after(HEARTBEAT, () => {
      this.#live().catch((error: unknown) => {
        this.#log.warn('The folder of the usage journal cannot be read.', { error });
      });
      this.#beat();
    });
  }

  async #live(): Promise<void> {
    keepFolder(this.#segments.folder, this.#clock.now());
    await this.collect();
  }
}
