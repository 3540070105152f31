/** Takes a multipart body apart as it arrives (RFC 2046, section 5.1.1), holding back no more than a boundary's length. */
import { malformed, readPartHead, type PartHead } from './part-head.ts';

/** Hears what is in a form, part by part. What it throws ends the parsing. */
export interface PartListener {
  part(head: PartHead): void;
  /** Bytes of the part that began last: a view of what was pushed. */
  bytes(bytes: Buffer): void;
  partEnd(): void;
}

/** The most bytes that the head of a part may have. */
const HEAD_LIMIT = 8 * 1024;
/** White space that may stand behind a boundary. */
const PADDING_LIMIT = 256;
const CRLF = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
const DASH = 0x2d;
const CR = 0x0d;

type State = 'preamble' | 'boundary' | 'head' | 'body' | 'epilogue';

export class MultipartParser {
  readonly #delimiter: Buffer;
  readonly #listener: PartListener;
  /** The first boundary stands at the very beginning as well as behind a line end. */
  #rest: Buffer = CRLF;
  #state: State = 'preamble';

  constructor(boundary: string, listener: PartListener) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
    this.#listener = listener;
  }

  /** Takes the next bytes. Throws `GW_BAD_REQUEST` where they are no form, and what the listener throws. */
  push(chunk: Buffer): void {
    if (this.#state === 'epilogue') return;
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = Buffer.alloc(0);
    for (;;) {
      const done = this.#step(bytes);
      if (done === undefined) break;
      bytes = bytes.subarray(done);
    }
  }

  /** The body has ended. Throws `GW_BAD_REQUEST` where its last boundary has not come. */
  end(): void {
    if (this.#state !== 'epilogue') throw malformed('it ends before its last boundary');
  }

  /** One step of what is there; answers how much of it is done with, or undefined where more must come. */
  #step(bytes: Buffer): number | undefined {
    switch (this.#state) {
      case 'preamble':
        return this.#toDelimiter(bytes, () => undefined);
      case 'body':
        return this.#toDelimiter(bytes, (part) => this.#listener.bytes(part));
      case 'boundary':
        return this.#afterDelimiter(bytes);
      case 'head':
        return this.#head(bytes);
      case 'epilogue':
        return undefined;
    }
  }

  #toDelimiter(bytes: Buffer, take: (part: Buffer) => void): number | undefined {
    const delimiter = this.#delimiter;
    const at = bytes.indexOf(delimiter);
    if (at >= 0) {
      if (at > 0) take(bytes.subarray(0, at));
      if (this.#state === 'body') this.#listener.partEnd();
      this.#state = 'boundary';
      return at + delimiter.length;
    }
    // Only what could be the beginning of a delimiter waits.
    const window = Math.max(0, bytes.length - delimiter.length + 1);
    const cr = bytes.indexOf(CR, window);
    const end = cr < 0 ? bytes.length : cr;
    if (end > 0) take(bytes.subarray(0, end));
    return this.#wait(bytes.subarray(end));
  }

  #afterDelimiter(bytes: Buffer): number | undefined {
    if (bytes[0] === DASH) {
      if (bytes.length < 2) return this.#wait(bytes);
      if (bytes[1] !== DASH) throw malformed('something else than a line end stands behind a boundary');
      this.#state = 'epilogue';
      return 2;
    }
    const end = bytes.indexOf(CRLF);
    const padding = end < 0 ? bytes.toString('latin1', 0, PADDING_LIMIT + 1) : bytes.toString('latin1', 0, end);
    if (padding.length > PADDING_LIMIT || !(end < 0 ? /^[ \t]*\r?$/ : /^[ \t]*$/).test(padding)) {
      throw malformed('something else than a line end stands behind a boundary');
    }
    if (end < 0) return this.#wait(bytes);
    this.#state = 'head';
    return end + CRLF.length;
  }

  #head(bytes: Buffer): number | undefined {
    const end = bytes.indexOf(HEAD_END);
    if (end > HEAD_LIMIT || (end < 0 && bytes.length > HEAD_LIMIT + HEAD_END.length)) {
      throw malformed(`the head of a part is longer than ${HEAD_LIMIT} bytes`);
    }
    if (end < 0) return this.#wait(bytes);
    this.#listener.part(readPartHead(bytes.subarray(0, end)));
    this.#state = 'body';
    return end + HEAD_END.length;
  }

  /** Keeps a copy: the chunk may be a view of something larger. */
  #wait(bytes: Buffer): undefined {
    this.#rest = Buffer.from(bytes);
    return undefined;
  }
}
