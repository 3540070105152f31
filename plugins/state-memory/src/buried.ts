/** The ids of holds that were settled lately: settling one of them again changes nothing. */
import type { Posting } from '@gatewright/core';

/** For at least so many milliseconds, where there are not too many. */
const REMEMBER = 600_000;
/** How many are remembered at most; one takes some 30 bytes. */
const MOST = 200_000;

/** Bytes of a page of ids. */
const PAGE = 64 * 1024;
/** Bytes that a character takes at most, as UTF-8. */
const WIDEST = 3;

/** Those of one stretch of time. They are forgotten together, so that none of them needs a time of its own. */
class Generation {
  /**
   * As they came, line by line: hardly ever does anybody look for one. As bytes they are none of the garbage collector's business,
   * which would move each of them twice.
   */
  #pages: Buffer[] = [];
  /** Where in the last page the next one goes. */
  #at = PAGE;
  readonly #ids = new Set<string>();
  /** What was posted from the holds of dead owners; a bill that comes after all replaces it. */
  readonly reclaimed = new Map<string, readonly Posting[]>();
  size = 0;

  add(id: string): void {
    this.size++;
    const room = id.length * WIDEST + 1;
    if (room > PAGE || id === '' || id.includes('\n')) {
      this.#ids.add(id);
      return;
    }
    if (this.#at + room > PAGE) {
      this.#pages.push(Buffer.alloc(PAGE, '\n'));
      this.#at = 0;
    }
    this.#at += (this.#pages.at(-1) as Buffer).write(id, this.#at) + 1;
  }

  has(id: string): boolean {
    for (const page of this.#pages) {
      for (const added of page.toString().split('\n')) if (added !== '') this.#ids.add(added);
    }
    this.#pages = [];
    this.#at = PAGE;
    return this.#ids.has(id);
  }
}

export class Buried {
  #recent = new Generation();
  #older = new Generation();
  /** When the recent ones began, Unix milliseconds. */
  #since = -Infinity;

  has(id: string): boolean {
    return this.#recent.has(id) || this.#older.has(id);
  }

  /** What was posted from the hold of a dead owner; undefined where the bill itself has come. */
  reclaimed(id: string): readonly Posting[] | undefined {
    return this.#recent.reclaimed.get(id) ?? this.#older.reclaimed.get(id);
  }

  add(id: string, now: number, reclaimed?: readonly Posting[]): void {
    if (now - this.#since >= REMEMBER || this.#recent.size >= MOST / 2) {
      this.#older = this.#recent;
      this.#recent = new Generation();
      this.#since = now;
    }
    this.#recent.add(id);
    if (reclaimed !== undefined) this.#recent.reclaimed.set(id, reclaimed);
    else if (this.#recent.reclaimed.size + this.#older.reclaimed.size > 0) this.#billed(id);
  }

  #billed(id: string): void {
    this.#recent.reclaimed.delete(id);
    this.#older.reclaimed.delete(id);
  }
}
