/** The outlet onto a node:http response. Pieces written in one turn of the event loop leave in one write. */
import type { ServerResponse } from 'node:http';
import { join } from '../pipeline/replies/gather.ts';
import type { HeadersOut, Outlet } from '../pipeline/outlet.ts';
import type { Arrival } from './arrival.ts';
import { linger } from './linger.ts';

/** How much may wait for the end of the turn before it is written all the same, in bytes. */
const GATHER_LIMIT = 64 * 1024;

/** Up to this size, in bytes, head and body are written as one text; what is larger is not copied. */
const ONE_TEXT = 8 * 1024;

/** A body that nobody read is thrown away up to this size, in bytes: that is cheaper than the client's next connection. */
const THROWN_AWAY = 64 * 1024;

/** Where the body itself is at fault, it may go on coming, or never come: the connection is closed. */
const FAULTS_OF_BODIES: ReadonlySet<number> = new Set([408, 413]);

export class ResponseOutlet implements Outlet {
  readonly #arrival: Arrival;
  readonly #response: ServerResponse;
  /** The head of a stream of which nothing has been sent. */
  #head: { readonly status: number; readonly headers: HeadersOut } | undefined;
  #waiting: Buffer[] = [];
  #size = 0;
  #scheduled = false;
  #drained: (() => void) | undefined;

  constructor(arrival: Arrival) {
    this.#arrival = arrival;
    this.#response = arrival.response;
  }

  get headSent(): boolean {
    return this.#head !== undefined || this.#response.headersSent;
  }

  whole(status: number, headers: HeadersOut, chunks: readonly Buffer[]): void {
    const response = this.#response;
    if (response.destroyed) return;
    let length = 0;
    for (const chunk of chunks) length += chunk.length;
    headers['content-length'] = String(length);
    // A request that was not read to its end leaves bytes behind that nobody wants to parse as the next one.
    const isCut = !this.#arrival.isRead && !response.req.complete && !isThrownAway(response, status);
    if (isCut) headers['connection'] = 'close';
    response.writeHead(status, headers);
    if (isCut && !response.req.readableEnded) {
      for (const chunk of chunks) response.write(chunk);
      linger(response);
      return;
    }
    if (length <= ONE_TEXT) {
      // As a text of the bytes, a body goes out in one piece with its head: a tenth of what the server takes for a request.
      response.end(join(chunks).toString('latin1'), 'latin1');
      return;
    }
    for (const chunk of chunks.slice(0, -1)) response.write(chunk);
    response.end(chunks[chunks.length - 1]);
  }

  open(status: number, headers: HeadersOut): void {
    if (this.#response.destroyed) return;
    headers['cache-control'] ??= 'no-cache';
    // Reverse proxies that buffer would hold events back.
    headers['x-accel-buffering'] = 'no';
    this.#head = { status, headers };
  }

  write(chunks: readonly Buffer[]): boolean {
    for (const chunk of chunks) {
      this.#waiting.push(chunk);
      this.#size += chunk.length;
    }
    if (this.#size >= GATHER_LIMIT) return this.#flush();
    if (!this.#scheduled) {
      this.#scheduled = true;
      process.nextTick(() => this.#flush());
    }
    return !this.#response.writableNeedDrain;
  }

  onDrain(listener: () => void): void {
    if (this.#drained !== undefined) this.#response.off('drain', this.#drained);
    this.#drained = listener;
    this.#response.on('drain', listener);
  }

  close(): void {
    const head = this.#head;
    if (head === undefined) this.#response.end(this.#take());
    else {
      // All of it came in the turn in which it began: without chunks around it, it takes half as many pieces.
      this.#head = undefined;
      this.whole(head.status, head.headers, [this.#take()]);
    }
  }

  destroy(): void {
    this.#waiting = [];
    this.#response.destroy();
  }

  #flush(): boolean {
    this.#scheduled = false;
    const response = this.#response;
    if (this.#waiting.length === 0 || response.destroyed) return true;
    if (this.#head !== undefined) response.writeHead(this.#head.status, this.#head.headers);
    this.#head = undefined;
    return response.write(this.#take());
  }

  /** What waits to be written. */
  #take(): Buffer {
    const chunks = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    return join(chunks);
  }
}

function isThrownAway({ req }: ServerResponse, status: number): boolean {
  return Number(req.headers['content-length']) <= THROWN_AWAY && !FAULTS_OF_BODIES.has(status);
}
