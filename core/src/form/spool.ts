/** Keeps bytes until they are asked for: a little in memory, more in a file. */
import type { FileHandle } from 'node:fs/promises';
import { GatewayError } from '../errors.ts';
import { openNameless } from './nameless-file.ts';

/** The most bytes that are kept in memory. */
export const SPOOL_MEMORY = 1024 * 1024;
const FIRST_BLOCK = 16 * 1024;

export class Spool {
  readonly #open: () => Promise<FileHandle>;
  /** What has not been written to the file. Copied together: a client may send its bytes one by one. */
  #block = Buffer.alloc(0);
  #used = 0;
  #file: FileHandle | undefined;
  #written = 0;
  /** What came while the file was being written. */
  #pending: Buffer[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;

  /** @param open makes the file where one is needed. */
  constructor(open: () => Promise<FileHandle> = openNameless) {
    this.#open = open;
  }

  /** Whether part of it is in a file. */
  get onDisk(): boolean {
    return this.#file !== undefined;
  }

  /** Takes bytes. Answers with a promise where the caller must wait before it gives more; it rejects with `GW_SPOOL_FAILED`. */
  append(bytes: Buffer): Promise<void> | undefined {
    if (this.#writing === undefined && this.#used + bytes.length <= SPOOL_MEMORY) {
      this.#copy(bytes);
      return undefined;
    }
    this.#pending.push(bytes);
    this.#writing ??= this.#drain();
    return this.#writing;
  }

  /** At most `length` bytes from a position. Only when all of it is there. */
  async read(position: number, length: number): Promise<Buffer> {
    if (this.#closed) throw new Error('The spool is closed.');
    if (position >= this.#written) {
      const start = position - this.#written;
      return this.#block.subarray(start, Math.min(start + length, this.#used));
    }
    const bytes = Buffer.allocUnsafe(Math.min(length, this.#written - position));
    const { bytesRead } = await (this.#file as FileHandle).read(bytes, 0, bytes.length, position);
    if (bytesRead === 0) throw new Error('The spool is shorter than what was written to it.');
    return bytes.subarray(0, bytesRead);
  }

  /** Lets everything go. Never rejects; may be called at any time, and more than once. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing?.catch(() => undefined);
    const file = this.#file;
    this.#file = undefined;
    this.#block = Buffer.alloc(0);
    this.#pending = [];
    await file?.close().catch(() => undefined);
  }

  async #drain(): Promise<void> {
    try {
      this.#file ??= await this.#open();
      await this.#flush(this.#file);
      for (let bytes = this.#pending.shift(); bytes !== undefined; bytes = this.#pending.shift()) {
        if (this.#closed) return;
        if (this.#used + bytes.length > SPOOL_MEMORY) await this.#flush(this.#file);
        if (bytes.length <= SPOOL_MEMORY) this.#copy(bytes);
        else await this.#write(this.#file, bytes);
      }
      this.#writing = undefined;
    } catch (cause) {
      const reason = (cause as { code?: string }).code ?? (cause as Error).message;
      throw new GatewayError('GW_SPOOL_FAILED', `The upload could not be kept on disk (${reason}).`, { cause });
    }
  }

  async #flush(file: FileHandle): Promise<void> {
    const used = this.#used;
    await this.#write(file, this.#block.subarray(0, used));
    this.#used = 0;
  }

  async #write(file: FileHandle, bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, this.#written);
      done += bytesWritten;
      this.#written += bytesWritten;
    }
  }

  #copy(bytes: Buffer): void {
    const needed = this.#used + bytes.length;
    if (needed > this.#block.length) {
      let size = Math.max(this.#block.length, FIRST_BLOCK);
      while (size < needed) size *= 2;
      const larger = Buffer.allocUnsafeSlow(size);
      this.#block.copy(larger, 0, 0, this.#used);
      this.#block = larger;
    }
    bytes.copy(this.#block, this.#used);
    this.#used = needed;
  }
}
