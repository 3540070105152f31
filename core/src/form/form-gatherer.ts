/** Gathers the parts of a form as the parser tells of them: fields in memory, files in a spool. */
import { isUtf8 } from 'node:buffer';
import { GatewayError } from '../errors.ts';
import type { FormFile } from './file.ts';
import type { SpoolRange } from './form-stream.ts';
import type { PartListener } from './parser.ts';
import { malformed, type PartHead } from './part-head.ts';
import type { Spool } from './spool.ts';
import { Upload } from './upload.ts';

/** The most parts of a form. */
const MAX_PARTS = 1_000;
/** The most bytes of all fields together, their names included. */
const MAX_FIELDS = 1024 * 1024;

export class FormGatherer implements PartListener {
  readonly #spool: Spool;
  readonly #fields = new Map<string, unknown[]>();
  readonly #ranges: SpoolRange[] = [];
  #head: PartHead = { name: '', isFile: false };
  #value = Buffer.alloc(256);
  /** Bytes of the part so far. */
  #size = 0;
  #parts = 0;
  #fieldBytes = 0;
  /** Bytes of all files before this one. */
  #position = 0;
  /** Set where the spool wants to be waited for. */
  waiting: Promise<void> | undefined;

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  part(head: PartHead): void {
    if (++this.#parts > MAX_PARTS) throw malformed(`it has more than ${MAX_PARTS} parts`);
    this.#head = head;
    this.#size = 0;
    this.#countField(Buffer.byteLength(head.name));
  }

  bytes(bytes: Buffer): void {
    if (this.#head.isFile) this.waiting = this.#spool.append(bytes) ?? this.waiting;
    else this.#addToField(bytes);
    this.#size += bytes.length;
  }

  partEnd(): void {
    const { name, isFile } = this.#head;
    const values = this.#fields.get(name) ?? [];
    values.push(isFile ? this.#file() : this.#text());
    this.#fields.set(name, values);
  }

  /** What has been gathered. */
  upload(): Upload {
    // Written by hand: a field may have any name, also `__proto__`.
    const members = [...this.#fields].map(([name, values]) => {
      const isList = values.length > 1 || name.endsWith('[]');
      return `${JSON.stringify(name)}:${JSON.stringify(isList ? values : values[0])}`;
    });
    return new Upload(Buffer.from(`{${members.join(',')}}`), this.#ranges, this.#spool);
  }

  #file(): FormFile {
    const { filename, contentType } = this.#head;
    const size = this.#size;
    this.#ranges.push({ start: this.#position, size });
    this.#position += size;
    return {
      $file: this.#ranges.length - 1,
      ...(filename === undefined ? {} : { filename }),
      ...(contentType === undefined ? {} : { contentType }),
      size,
    };
  }

  #text(): string {
    const bytes = this.#value.subarray(0, this.#size);
    if (!isUtf8(bytes)) {
      throw new GatewayError('GW_BAD_REQUEST', `The field "${this.#head.name}" is not valid UTF-8.`, {
        param: this.#head.name,
        help: 'A file needs a "filename" in its Content-Disposition.',
      });
    }
    return bytes.toString();
  }

  #addToField(bytes: Buffer): void {
    this.#countField(bytes.length);
    const needed = this.#size + bytes.length;
    if (needed > this.#value.length) {
      const larger = Buffer.alloc(Math.max(needed, this.#value.length * 2));
      this.#value.copy(larger, 0, 0, this.#size);
      this.#value = larger;
    }
    bytes.copy(this.#value, this.#size);
  }

  #countField(bytes: number): void {
    this.#fieldBytes += bytes;
    if (this.#fieldBytes <= MAX_FIELDS) return;
    throw new GatewayError('GW_BODY_TOO_LARGE', `The fields of the form are larger than ${MAX_FIELDS} bytes.`, {
      help: 'A file needs a "filename" in its Content-Disposition.',
    });
  }
}
