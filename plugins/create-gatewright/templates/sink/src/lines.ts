/** Lines on their way to where they are kept: gathered, and written together. */
import type { Clock, Logger } from '@gatewright/core';

export class Lines {
  readonly #write: (text: string) => Promise<void>;
  readonly #delay: number;
  readonly #clock: Clock;
  readonly #log: Logger;
  #waiting: string[] = [];
  #cancel: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** `delay` in milliseconds: how long a line waits at most. */
  constructor(write: (text: string) => Promise<void>, delay: number, clock: Clock, log: Logger) {
    this.#write = write;
    this.#delay = delay;
    this.#clock = clock;
    this.#log = log;
  }

  add(line: string): void {
    this.#waiting.push(line);
    this.#cancel ??= this.#clock.after(this.#delay, () => void this.flush());
  }

  /** Resolves when all lines that came so far are written, or given up. */
  flush(): Promise<void> {
    this.close();
    const text = this.#waiting.map((line) => `${line}\n`).join('');
    const count = this.#waiting.length;
    this.#waiting = [];
    // One after the other: lines keep their order.
    this.#writing = this.#writing.then(async () => {
      try {
        if (count > 0) await this.#write(text);
      } catch (error) {
        this.#log.error(`${count} lines could not be written and are lost: ${String(error)}`);
      }
    });
    return this.#writing;
  }

  /** Takes the timer back. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
