/** A client on a bare socket that knows when each part of a reply arrived. */
import { connect, type Socket } from 'node:net';

/** When the parts of a reply arrived, in milliseconds after the request was written. */
export interface ReplyTimes {
  /** The first byte of the first event that has content; of a whole reply, of its body. */
  readonly content: number;
  /** The last byte. */
  readonly end: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');
/** Any answer has it: an event with text, or a whole message. Roles and starts have an empty text, or none. */
const CONTENT = /"(?:content|text)":\s*"[^"]/;

/** The bytes of a POST request with a JSON body. */
export function requestBytes(url: string, headers: Readonly<Record<string, string>>, body: Buffer): Buffer {
  const { host, pathname } = new URL(url);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('')}content-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** One kept-alive connection; one request at a time. */
export class RawClient {
  readonly #socket: Socket;
  #onData: (bytes: Buffer) => void = () => undefined;
  #onFailure: (error: Error) => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#onData(bytes));
    socket.on('error', (error) => this.#onFailure(error));
    socket.on('close', () => this.#onFailure(new Error('The server closed the connection.')));
  }

  static open(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(new RawClient(socket)));
      socket.once('error', reject);
    });
  }

  /** Sends a request and reads its reply to the end. Rejects when it is no success. */
  exchange(request: Buffer): Promise<ReplyTimes> {
    return new Promise((resolve, reject) => {
      const reading = new Reading();
      const began = performance.now();
      let content = 0;
      this.#onFailure = reject;
      this.#onData = (bytes) => {
        reading.push(bytes);
        if (content === 0 && reading.hasContent) content = performance.now() - began;
        if (!reading.complete) return;
        if (reading.success) resolve({ content, end: performance.now() - began });
        else reject(new Error(`The server answered:\n${reading.text}`));
      };
      this.#socket.write(request);
    });
  }

  /** Sends a request and leaves its reply running; resolves when its first content is there. `onBytes` hears of the rest. */
  start(request: Buffer, onBytes: (bytes: Buffer) => void = () => undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const reading = new Reading();
      this.#onFailure = reject;
      this.#onData = (bytes) => {
        reading.push(bytes);
        if (!reading.hasContent) return;
        this.#onData = onBytes;
        resolve();
      };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#onFailure = () => undefined;
    this.#socket.destroy();
  }
}

/** A reply as it arrives. */
class Reading {
  #bytes: Buffer = Buffer.alloc(0);
  #body = -1;
  #length: number | undefined;
  hasContent = false;

  push(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    if (this.#body < 0) this.#readHead();
    if (this.#body >= 0 && !this.hasContent) this.hasContent = CONTENT.test(this.#bytes.toString('latin1', this.#body));
  }

  get complete(): boolean {
    if (this.#body < 0) return false;
    if (this.#length !== undefined) return this.#bytes.length >= this.#body + this.#length;
    return this.#bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
  }

  get success(): boolean {
    return this.#bytes.toString('latin1', 0, 12).endsWith(' 200');
  }

  get text(): string {
    return this.#bytes.toString('utf8', 0, 2000);
  }

  #readHead(): void {
    const end = this.#bytes.indexOf(HEAD_END);
    if (end < 0) return;
    this.#body = end + HEAD_END.length;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#bytes.toString('latin1', 0, end))?.[1];
    this.#length = length === undefined ? undefined : Number(length);
  }
}
