/** Where lines are written to, in the background: whatever happens there, writing a line neither waits nor throws. */
import type { Clock, Logger } from '@gatewright/core';
import sonic from 'sonic-boom';
import { GATHER_LENGTH, LineBytes } from './line-bytes.ts';

/** How long lines are gathered before they are written, in milliseconds. */
const GATHER_TIME = 100;

/** How long a flush waits for a destination that takes nothing, in milliseconds. */
const FLUSH_LIMIT = 5000;

const LINE_END = 0x0a;

const DESCRIPTORS: ReadonlyMap<string, number> = new Map([
  ['stdout', 1],
  ['stderr', 2],
]);

export interface DestinationOptions {
  /** `stdout`, `stderr` or a path. */
  readonly destination: string;
  /** Bytes that may wait. */
  readonly buffer: number;
}

export class Destination {
  /** Resolves when lines can be written; rejects where the file cannot be opened. */
  readonly opened: Promise<void>;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #report: Logger;
  readonly #stream: InstanceType<typeof sonic.SonicBoom>;
  readonly #pending = new LineBytes();
  readonly #gather: number;
  #cancelPass = (): void => undefined;
  #closed = false;
  #broken = false;
  #dropped = 0;

  /** Trouble is told to `report`, which must not write to this destination. */
  constructor({ destination, buffer }: DestinationOptions, clock: Clock, report: Logger) {
    this.#name = destination;
    this.#gather = Math.min(GATHER_LENGTH, buffer / 2);
    this.#clock = clock;
    this.#report = report;
    const fd = DESCRIPTORS.get(destination);
    // With a minimum of one byte, a write starts at once, what comes meanwhile is gathered into the next, and a flush waits
    // for the last byte: with none it would not wait at all, with a larger one it would leave a tail behind.
    const stream = new sonic.SonicBoom({
      ...(fd === undefined ? { dest: destination } : { fd }),
      sync: false,
      append: true,
      minLength: 1,
      contentMode: 'buffer',
      maxLength: buffer,
    });
    this.#stream = stream;
    this.opened = new Promise((resolve, reject) => {
      stream.once('ready', resolve);
      stream.once('error', reject);
    });
    this.opened.then(
      () => this.#watch(),
      () => {
        this.#closed = true;
      },
    );
  }

  /** Takes a line in. A destination that is closed, full or broken drops it. */
  write(line: string): void {
    const out = this.begin();
    if (out === undefined) return;
    out.utf8(line);
    this.end();
  }

  /** Where a line is to be written, to be followed by {@link end}; undefined where the destination is closed. */
  begin(): LineBytes | undefined {
    if (this.#closed) return undefined;
    this.#pending.begin();
    return this.#pending;
  }

  end(): void {
    // A write costs many times what a line does, so lines go out together.
    if (this.#pending.length === 0) this.#cancelPass = this.#clock.after(GATHER_TIME, () => this.#pass());
    this.#pending.end();
    if (this.#pending.length >= this.#gather) this.#pass();
  }

  /** Waits until everything is written, or cannot be. Never rejects. */
  async flush(): Promise<void> {
    await this.#settled();
    if (this.#closed) return;
    this.#pass();
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(FLUSH_LIMIT, resolve);
      // An error is no news: that of a write is reported where it happens, and pipes refuse fsync.
      this.#stream.flush(() => {
        cancel();
        resolve();
      });
    });
  }

  /** Flushes, and gives the file back. Never rejects. */
  async close(): Promise<void> {
    await this.flush();
    if (this.#closed) return;
    this.#closed = true;
    await new Promise<void>((resolve) => {
      this.#stream.once('close', resolve).once('error', () => resolve());
      this.#stream.destroy();
    });
  }

  #pass(): void {
    this.#cancelPass();
    if (this.#pending.length === 0) return;
    const lines = this.#pending.take();
    // The types know nothing of bytes.
    if (!this.#closed) this.#stream.write(lines as unknown as string);
  }

  /** Resolves when it is known whether the destination could be opened. */
  async #settled(): Promise<void> {
    await this.opened.catch(() => undefined);
  }

  #watch(): void {
    this.#stream.on('error', (error: Error) => this.#trouble(`fails: ${error.message}`));
    this.#stream.on('drop', (lines: Buffer) => {
      for (const byte of lines) if (byte === LINE_END) this.#dropped++;
      this.#trouble('takes lines too slowly');
    });
    this.#stream.on('drain', () => {
      this.#pending.written();
      this.#recovered();
    });
  }

  /** Said once, until the destination has taken everything again. */
  #trouble(what: string): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#report.error(`The log destination "${this.#name}" ${what}. Lines wait in memory until "buffer" is full.`);
  }

  #recovered(): void {
    if (!this.#broken) return;
    this.#report.warn(`The log destination "${this.#name}" takes lines again. ${this.#dropped} lines were lost.`);
    this.#broken = false;
    this.#dropped = 0;
  }
}
