/** The files of one process's journal: appended to, closed when they are full, removed when all in them is in the store. */
import { closeSync, ftruncateSync, mkdirSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { fdatasync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { frame } from './frames.ts';

const syncFile = promisify(fdatasync);

export const SUFFIX = '.rows';

/** A file of the journal. */
export interface Segment {
  readonly path: string;
  readonly file: number;
  size: number;
  /** Rows in it that are not in the store yet. */
  waiting: number;
  /** Some of its rows are only in it: they must be read from it again. */
  reread: boolean;
  closed: boolean;
}

export class Segments {
  readonly folder: string;
  readonly #most: number;
  #current: Segment | undefined;
  #count = 0;
  #syncing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** Makes the folder. `most`: bytes after which a file is full. */
  constructor(folder: string, most: number) {
    this.folder = folder;
    this.#most = most;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Appends a row. Throws what the system says where it cannot; the file is then as it was before. */
  append(text: string): Segment {
    const segment = this.#open();
    const bytes = frame(text);
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(segment.file, bytes, written);
    } catch (error) {
      // Half a frame in the middle would hide all that comes behind it.
      this.#cut(segment);
      // Another file may be luckier: on another disk, or when there is room again.
      this.rotate();
      throw error;
    }
    segment.size += bytes.length;
    segment.waiting++;
    return segment;
  }

  /** Resolves when everything appended so far is on the disk; many that wait share one call. */
  synced(): Promise<void> {
    if (this.#syncing === undefined) return this.#sync();
    // What is under way may have begun before the last row: the one after it is for all that come now.
    this.#next ??= this.#syncing.then(
      () => this.#sync(),
      () => this.#sync(),
    );
    return this.#next;
  }

  #sync(): Promise<void> {
    this.#next = undefined;
    const { file } = this.#open();
    this.#syncing = syncFile(file).finally(() => (this.#syncing = undefined));
    return this.#syncing;
  }

  /** A row of this segment is in the store. */
  stored(segment: Segment): void {
    segment.waiting--;
    this.#tidy(segment);
  }

  /** All of a closed segment is in the store. */
  done(segment: Segment): void {
    segment.waiting = 0;
    segment.reread = false;
    this.#tidy(segment);
  }

  /** Ends the file that is written to; the next row begins another. */
  rotate(): void {
    const segment = this.#current;
    if (segment === undefined) return;
    this.#current = undefined;
    segment.closed = true;
    closeSync(segment.file);
    this.#tidy(segment);
  }

  /** Ends this file where it is the one that is written to. */
  rotateIfCurrent(segment: Segment): void {
    if (this.#current === segment) this.rotate();
  }

  /** Removes the folder where nothing is left in it. */
  remove(): void {
    try {
      rmdirSync(this.folder);
    } catch {
      // Rows are left: the next process of this folder brings them to the store.
    }
  }

  #open(): Segment {
    if (this.#current !== undefined && this.#current.size >= this.#most) this.rotate();
    if (this.#current === undefined) {
      const path = join(this.folder, `${String(++this.#count).padStart(6, '0')}${SUFFIX}`);
      const file = openSync(path, 'a', 0o600);
      this.#current = { path, file, size: 0, waiting: 0, reread: false, closed: false };
    }
    return this.#current;
  }

  #cut({ file, size }: Segment): void {
    try {
      ftruncateSync(file, size);
    } catch {
      // The reader steps over it.
    }
  }

  #tidy(segment: Segment): void {
    if (segment.closed && segment.waiting === 0 && !segment.reread) rmSync(segment.path, { force: true });
  }
}
