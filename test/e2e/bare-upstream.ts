/** A provider on a bare socket: it says the bytes that it is given, right or wrong. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What is said to a request, byte by byte; `after` says how the connection goes on. */
export interface Said {
  readonly bytes: string | Buffer;
  readonly after?: 'end' | 'hang' | 'reset';
}

export class BareUpstream {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #script: readonly (Said | ((socket: Socket) => void))[] = [];
  /** How many requests came. */
  requests = 0;

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(): Promise<BareUpstream> {
    const upstream = new BareUpstream();
    await new Promise<void>((resolve) => upstream.#server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Answers in this order from now on; the last one stays. */
  say(...script: readonly (Said | ((socket: Socket) => void))[]): void {
    this.requests = 0;
    this.#script = script;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    let request = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      request = Buffer.concat([request, chunk]);
      if (!isComplete(request)) return;
      request = Buffer.alloc(0);
      const said = this.#script[Math.min(this.requests++, this.#script.length - 1)];
      if (typeof said === 'function') said(socket);
      else if (said !== undefined) play(said, socket);
    });
  }
}

function play({ bytes, after = 'end' }: Said, socket: Socket): void {
  socket.write(bytes, () => {
    if (after === 'end') socket.end();
    // What was written must be on its way before the connection breaks.
    if (after === 'reset') setImmediate(() => socket.resetAndDestroy());
  });
}

function isComplete(request: Buffer): boolean {
  const end = request.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = Number(/content-length: (\d+)/i.exec(request.subarray(0, end).toString())?.[1] ?? 0);
  return request.length >= end + 4 + length;
}

/** The head of a reply. */
export function head(status: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`;
}

/** The bytes as one HTTP chunk. */
export function chunked(bytes: string | Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`${Buffer.byteLength(bytes).toString(16)}\r\n`),
    Buffer.from(bytes),
    Buffer.from('\r\n'),
  ]);
}
