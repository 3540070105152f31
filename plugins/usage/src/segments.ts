/** The files of one process's journal: appended to, closed when they are full, removed when all in them is in the store. */
import { closeSync, fdatasync, ftruncateSync, mkdirSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Source } from './batch.ts';

const syncFile = promisify(fdatasync);

export const SUFFIX = '.rows';

/** A file of the journal. */
export class Segment implements Source {
  readonly path: string;
  readonly #file: number;
  #size = 0;
  /** Rows in it that are not in the store yet. */
  #waiting = 0;
  #closed = false;
  /** Some of its rows are only in it: they must be read from it again. */
  reread = false;

  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'a', 0o600);
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** Throws what the system says where it cannot; the file is then as it was before. */
  append(bytes: Buffer, rows: number): void {
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(this.#file, bytes, written);
    } catch (error) {
      // Half a frame in the middle would hide all that comes behind it.
      this.#cut();
      throw error;
    }
    this.#size += bytes.length;
    this.#waiting += rows;
  }

  /** Resolves when all of it is on the disk. */
  sync(): Promise<void> {
    return syncFile(this.#file);
  }

  /** So many more of its rows are in the store. */
  stored(rows: number): void {
    this.#waiting -= rows;
    this.#tidy();
  }

  /** All of it is in the store. */
  done(): void {
    this.#waiting = 0;
    this.reread = false;
    this.#tidy();
  }

  close(): void {
    this.#closed = true;
    closeSync(this.#file);
    this.#tidy();
  }

  #cut(): void {
    try {
      ftruncateSync(this.#file, this.#size);
    } catch {
      // The reader steps over it.
    }
  }

  #tidy(): void {
    if (this.#closed && this.#waiting === 0 && !this.reread) rmSync(this.path, { force: true });
  }
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

  /** Appends a frame of so many rows. Throws what the system says where it cannot; the file is then as it was before. */
  append(bytes: Buffer, rows: number): Segment {
    const segment = this.#open();
    try {
      segment.append(bytes, rows);
    } catch (error) {
      // Another file may be luckier: on another disk, or when there is room again.
      this.rotate();
      throw error;
    }
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
    this.#syncing = this.#open()
      .sync()
      .finally(() => (this.#syncing = undefined));
    return this.#syncing;
  }

  /** Ends the file that is written to; the next row begins another. */
  rotate(): void {
    const segment = this.#current;
    this.#current = undefined;
    segment?.close();
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
    this.#current ??= new Segment(join(this.folder, `${String(++this.#count).padStart(6, '0')}${SUFFIX}`));
    return this.#current;
  }
}
