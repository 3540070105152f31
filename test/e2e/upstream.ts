/** A loopback provider that answers with given bytes, at given cuts, and can break in every way that a connection can. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the provider received. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Resolves when the connection's reply is over, however it ended; true where the client broke it off. */
  readonly aborted: Promise<boolean>;
}

/** One scripted answer. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The pieces of the body; each leaves in a write of its own. */
  readonly chunks?: readonly (Buffer | string)[];
  /** Milliseconds before the head. */
  readonly delay?: number;
  /** Milliseconds between the pieces. */
  readonly gap?: number;
  /** The pieces are HTTP chunks of their own, and may share packets: thousands of them take no time. */
  readonly burst?: boolean;
  /** How the reply ends. `hang` leaves it open; `never` sends no head at all, and `drop` closes the connection instead. */
  readonly end?: 'end' | 'reset' | 'hang' | 'never' | 'drop';
}

export const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };
export const JSON_BODY = { 'content-type': 'application/json' };

export class Upstream {
  readonly received: Received[] = [];
  readonly #server: Server;
  #script: (request: Received, index: number) => Answer = () => ({ status: 500 });

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 60_000;
  }

  static async start(): Promise<Upstream> {
    const upstream = new Upstream();
    await new Promise<void>((resolve) => upstream.#server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Answers every request from now on; a list is used up in order, its last one stays. */
  answer(script: Answer | readonly Answer[] | ((request: Received, index: number) => Answer)): void {
    this.received.length = 0;
    if (typeof script === 'function') this.#script = script;
    else {
      const list = [script].flat() as readonly Answer[];
      this.#script = (_request, index) => list[Math.min(index, list.length - 1)] as Answer;
    }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const aborted = new Promise<boolean>((resolve) => response.on('close', () => resolve(!response.writableFinished)));
    const received: Received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks),
      aborted,
    };
    this.received.push(received);
    await play(this.#script(received, this.received.length - 1), response);
  }
}

async function play(answer: Answer, response: ServerResponse): Promise<void> {
  const { status = 200, headers = {}, chunks = [], delay = 0, gap = 0, burst = false, end = 'end' } = answer;
  if (end === 'never') return;
  if (end === 'drop') {
    response.socket?.destroy();
    return;
  }
  if (delay > 0) await sleep(delay);
  response.on('error', () => undefined);
  response.writeHead(status, headers);
  response.flushHeaders();
  for (const [index, chunk] of chunks.entries()) {
    if (index > 0 && gap > 0) await sleep(gap);
    if (response.destroyed) return;
    if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
    // A turn of the event loop between writes, so that each leaves on its own.
    if (!burst) await new Promise((resolve) => setImmediate(resolve));
  }
  if (end === 'end') response.end();
  if (end === 'reset') response.socket?.resetAndDestroy();
}

/** The bytes cut into pieces of one byte each. */
export function byteByByte(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));
}

/** The bytes cut at places that follow from a seed: the same seed cuts the same. */
export function cutBySeed(bytes: Buffer, seed: number): Buffer[] {
  const pieces: Buffer[] = [];
  let state = seed;
  for (let at = 0; at < bytes.length;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const size = 1 + (state % 97);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
