/** Files of requests that are forms (multipart/form-data, RFC 7578): what requests hold of them, and what is sent. */
import type { Readable } from 'node:stream';

/** A file as a request holds it. Its bytes stay with the exchange and reach providers as they came. */
export interface FormFile {
  /** Which of the exchange's files it is. */
  readonly $file: number;
  readonly filename?: string;
  readonly contentType?: string;
  /** Bytes. */
  readonly size: number;
}

/** A request body that is a form. */
export interface FormBody {
  /** With the boundary. */
  readonly contentType: string;
  /** Bytes of the whole body. */
  readonly length: number;
  /** The bytes from the beginning, at most 64 KiB of them in memory; may be called again for another attempt. */
  open(): Readable;
}

/** Whether a value in a request stands for a file. */
export function isFormFile(value: unknown): value is FormFile {
  return typeof value === 'object' && value !== null && typeof (value as Partial<FormFile>).$file === 'number';
}
