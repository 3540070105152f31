/** A provider's server on the loopback: it answers as it is told, and can break in every way that a connection can. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** One scripted answer. */
export interface Answer {
  /** Default 200. */
  readonly status?: number;
  /** More headers; JSON and an `x-request-id` are there by default. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, or its pieces. Default `{"ok":true}`. */
  readonly body?: string | Buffer | readonly (string | Buffer)[];
  /** Milliseconds before the head is sent. Default 0. */
  readonly wait?: number;
  /** Milliseconds between the pieces of the body. Default: they are written one behind the other. */
  readonly every?: number;
  /** What comes behind the body; `hang` leaves it open, `never` sends nothing at all, not even a head. Default `end`. */
  readonly end?: 'end' | 'reset' | 'hang' | 'never';
}

export interface Received {
  readonly method: string;
  /** The path with its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Settles when the connection is closed, by whomever. */
  readonly closed: Promise<unknown>;
}

export interface FakeUpstream {
  readonly origin: string;
  /** What it got, in order. */
  readonly received: Received[];
  /** Answers so from now on. */
  answer(answer: Answer): void;
  /** The next request that it gets. */
  next(): Promise<Received>;
  /** Breaks all connections off and takes no more; a second call does nothing. */
  close(): Promise<void>;
}

/** Starts a server that keeps what it gets and answers the same to everything. */
export async function fakeUpstream(answer: Answer = {}): Promise<FakeUpstream> {
  const received: Received[] = [];
  const waiting: ((one: Received) => void)[] = [];
  let script = answer;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = receivedOf(request, Buffer.concat(chunks));
      received.push(one);
      for (const tell of waiting.splice(0)) tell(one);
      void give(script, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    answer: (next) => (script = next),
    next: () => new Promise((resolve) => waiting.push(resolve)),
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function receivedOf(request: IncomingMessage, body: Buffer): Received {
  const { method = '', url = '', headers, socket } = request;
  return {
    method,
    url,
    headers,
    body: body.toString(),
    closed: closingOf(socket),
  };
}

const closings = new WeakMap<Socket, Promise<unknown>>();

/** One promise a connection, however many requests come on it. */
function closingOf(socket: Socket): Promise<unknown> {
  const closing = closings.get(socket) ?? new Promise((resolve) => socket.once('close', resolve));
  closings.set(socket, closing);
  return closing;
}

async function give(answer: Answer, response: ServerResponse): Promise<void> {
  const { status = 200, headers = {}, body = '{"ok":true}', end = 'end', wait = 0, every } = answer;
  if (end === 'never') return;
  const pieces = typeof body === 'string' || Buffer.isBuffer(body) ? [body] : body;
  if (wait > 0) await setTimeout(wait);
  if (end === 'reset' && pieces.length === 0) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'up-1', ...headers });
  response.flushHeaders();
  for (const piece of pieces.slice(0, -1)) {
    response.write(piece);
    if (every !== undefined) await setTimeout(every);
  }
  const last = pieces.at(-1) ?? '';
  if (end === 'end') response.end(last);
  else if (end === 'hang') response.write(last);
  // What was written must be on its way before the connection breaks.
  else response.write(last, () => setImmediate(() => response.destroy()));
}

/** The pieces of an answer of so many bytes each: server-sent events that end in the middle of a line. */
export function piecesOf(body: string | Buffer, size: number): readonly Buffer[] {
  const bytes = Buffer.from(body);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}
