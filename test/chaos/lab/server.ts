/** A loopback provider below HTTP: it plays the bytes, pauses and breaks that it is given, and keeps the times. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One step of an answer: bytes, a pause in milliseconds, a break of the connection, or nothing for ever. */
export type Step = string | Buffer | number | (() => string) | Break | Endless;

/** How a connection goes wrong: it is reset, it ends, or nothing comes any more. */
export type Break = typeof RESET | typeof CLOSE | typeof STALL;

export const RESET = Symbol('reset');
export const CLOSE = Symbol('close');
export const STALL = Symbol('stall');

/** Bytes for as long as somebody takes them. */
export interface Endless {
  readonly endless: string;
  /** Milliseconds between two of them. */
  readonly every: number;
}

export interface Asked {
  /** Milliseconds of the monotonic clock. */
  readonly at: number;
  readonly path: string;
  readonly body: string;
}

export class LabServer {
  readonly asked: Asked[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #script: (index: number) => readonly Step[] = () => [];

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(): Promise<LabServer> {
    const lab = new LabServer();
    await new Promise<void>((resolve) => lab.#server.listen(0, '127.0.0.1', resolve));
    return lab;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Answers the next requests in order, the last answer stays; or as it is told for each, counted from 0. */
  play(script: readonly (readonly Step[])[] | ((index: number) => readonly Step[])): void {
    this.asked.length = 0;
    this.#script = typeof script === 'function' ? script : (index) => script[Math.min(index, script.length - 1)] ?? [];
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let bytes = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let request = readRequest(bytes); request !== undefined; request = readRequest(bytes)) {
        bytes = bytes.subarray(request.length);
        this.asked.push({ at: performance.now(), path: request.path, body: request.body });
        void playSteps(socket, this.#script(this.asked.length - 1));
      }
    });
  }
}

interface Request {
  readonly path: string;
  readonly body: string;
  /** How many bytes it took. */
  readonly length: number;
}

/** The first request in the bytes; undefined where it is not all there. Gateways send a content-length. */
function readRequest(bytes: Buffer): Request | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.subarray(0, end).toString('latin1');
  const length = end + 4 + Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  if (bytes.length < length) return undefined;
  return { path: head.split(' ')[1] ?? '', body: bytes.subarray(end + 4, length).toString(), length };
}

async function playSteps(socket: Socket, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (socket.destroyed) return;
    if (step === STALL) return;
    if (step === RESET) socket.resetAndDestroy();
    else if (step === CLOSE) socket.end();
    else if (typeof step === 'number') await sleep(step);
    else if (typeof step === 'function') socket.write(step());
    else if (typeof step === 'object' && 'endless' in step) await playEndless(socket, step);
    else {
      socket.write(step);
      // Each step leaves on its own.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

async function playEndless(socket: Socket, { endless, every }: Endless): Promise<void> {
  while (!socket.destroyed) {
    if (!socket.write(endless)) {
      await new Promise<void>((resolve) => socket.once('drain', resolve).once('close', () => resolve()));
    }
    await sleep(every);
  }
}
