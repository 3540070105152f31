/** Watches the file of a configuration, and tells when what stands in it has changed. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { CONFIG_FILES } from '../config/read.ts';

/** Milliseconds between two looks. A file counts as changed when two looks one after the other find it the same: editors write in steps. */
export const LOOK = 250;

/**
 * Looks instead of listening: what the system tells of changes differs between systems, is lost where a file is replaced by
 * renaming or behind a link, and never comes over a network. A look is one call of the system.
 */
export class Watcher {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #cancel: () => void = () => undefined;
  /** What the last look found. */
  #seen: string;
  /** What was found when the file was last read, and what stood in it. */
  #read: string;
  #told: string | undefined;

  /** `path` is a file, or a folder that has one. */
  constructor(path: string, clock: Clock, changed: () => void) {
    this.#path = path;
    this.#clock = clock;
    this.#changed = changed;
    this.#seen = this.#sign();
    this.#read = this.#seen;
    this.#told = this.#content();
    this.#later();
  }

  stop(): void {
    this.#cancel();
  }

  #later(): void {
    this.#cancel = this.#clock.after(LOOK, () => {
      this.#look();
      this.#later();
    });
  }

  #look(): void {
    const seen = this.#sign();
    const settled = seen === this.#seen;
    this.#seen = seen;
    if (!settled || seen === this.#read) return;
    this.#read = seen;
    const content = this.#content();
    // A file that is away may be about to be put back; one that was only touched says nothing new.
    if (content === undefined || content === this.#told) return;
    this.#told = content;
    this.#changed();
  }

  /** Differs wherever the file may have changed. */
  #sign(): string {
    try {
      const { ino, size, mtimeNs, ctimeNs } = statSync(this.#file(), { bigint: true });
      return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
    } catch {
      return 'away';
    }
  }

  #content(): string | undefined {
    try {
      return readFileSync(this.#file(), 'utf8');
    } catch {
      return undefined;
    }
  }

  #file(): string {
    if (!statSync(this.#path).isDirectory()) return this.#path;
    const names = readdirSync(this.#path);
    return join(this.#path, CONFIG_FILES.find((name) => names.includes(name)) ?? '');
  }
}
