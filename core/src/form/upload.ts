/** A form that has arrived: its fields as JSON, its files in a spool, and how both are written for a provider. */
import type { JsonObject } from '../dialect.ts';
import { GatewayError } from '../errors.ts';
import { newId } from '../id.ts';
import { isFormFile, type FormBody } from './file.ts';
import { FormStream, type FormSegment, type SpoolRange } from './form-stream.ts';
import type { Spool } from './spool.ts';

export class Upload {
  /** The fields in the order of their first appearance, as JSON; a file stands there as a `FormFile`. */
  readonly fields: Buffer;
  readonly #ranges: readonly SpoolRange[];
  readonly #spool: Spool;
  readonly #streams = new Set<FormStream>();
  /** Not the client's: what we did not see in its bytes, nobody behind us shall see. Too long to guess. */
  readonly #boundary = `gatewright-${newId()}`;

  constructor(fields: Buffer, ranges: readonly SpoolRange[], spool: Spool) {
    this.fields = fields;
    this.#ranges = ranges;
    this.#spool = spool;
  }

  /** Whether a file of it is on disk. */
  get onDisk(): boolean {
    return this.#spool.onDisk;
  }

  /** A form with these fields. A list is written as several parts, an object as JSON; what is null is left out. */
  body(fields: JsonObject): FormBody {
    const segments = this.#segments(fields);
    const length = segments.reduce((sum, one) => sum + (Buffer.isBuffer(one) ? one.length : one.size), 0);
    return {
      contentType: `multipart/form-data; boundary=${this.#boundary}`,
      length,
      open: () => {
        const stream = new FormStream(this.#spool, segments);
        this.#streams.add(stream);
        return stream.once('close', () => this.#streams.delete(stream));
      },
    };
  }

  /** Ends what is still being sent, and lets the files go. Never rejects. */
  async close(): Promise<void> {
    for (const stream of this.#streams) stream.destroy();
    await this.#spool.close();
  }

  #segments(fields: JsonObject): FormSegment[] {
    const segments: FormSegment[] = [];
    let text = '';
    for (const [name, value] of Object.entries(fields)) {
      for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (item === null || item === undefined) continue;
        text += `--${this.#boundary}\r\n${headOf(name, item)}`;
        if (isFormFile(item)) {
          segments.push(Buffer.from(text));
          const range = this.#rangeOf(item.$file);
          if (range.size > 0) segments.push(range);
          text = '\r\n';
        } else text += `${textOf(item)}\r\n`;
      }
    }
    segments.push(Buffer.from(`${text}--${this.#boundary}--\r\n`));
    return segments;
  }

  #rangeOf(file: number): SpoolRange {
    const range = this.#ranges[file];
    if (range === undefined) throw new GatewayError('GW_INTERNAL', `The form has no file ${file}.`);
    return range;
  }
}

function headOf(name: string, value: unknown): string {
  const disposition = `Content-Disposition: form-data; name="${escaped(name)}"`;
  if (!isFormFile(value)) return `${disposition}\r\n\r\n`;
  const filename = value.filename === undefined ? '' : `; filename="${escaped(value.filename)}"`;
  const type = value.contentType === undefined ? '' : `Content-Type: ${oneLine(value.contentType)}\r\n`;
  return `${disposition}${filename}\r\n${type}\r\n`;
}

/** As the HTML standard has it (https://html.spec.whatwg.org/#multipart-form-data): a name cannot leave its quotes. */
function escaped(name: string): string {
  return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
