/** A proxy in front of an upstream, which keeps every request that comes by. */
import {
  createServer,
  request as connect,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

export class Recorder {
  /** The requests so far, in order. */
  readonly requests: Recorded[] = [];
  /** Paths that the recorder answers itself, with this JSON. */
  readonly own = new Map<string, unknown>();
  readonly #target: string;
  readonly #server = createServer((request, response) => void this.#pass(request, response));

  private constructor(target: string) {
    this.#target = target;
  }

  static async start(target: string): Promise<Recorder> {
    const recorder = new Recorder(target);
    await new Promise<void>((resolve) => recorder.#server.listen(0, '127.0.0.1', resolve));
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The last request. */
  get last(): Recorded {
    const last = this.requests.at(-1);
    if (last === undefined) throw new Error('The upstream has received nothing.');
    return last;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = incoming.url ?? '';
    this.requests.push({
      path,
      headers: incoming.headers,
      body: JSON.parse(body.toString()) as Record<string, unknown>,
    });
    if (this.own.has(path)) {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.own.get(path)));
      return;
    }
    const options = { method: incoming.method ?? 'GET', headers: incoming.headers };
    const onward = connect(new URL(path, this.#target), options, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      // What came before the break goes on, and the body then lacks its end, as it did here.
      reply.on('error', () => outgoing.socket?.destroySoon());
      reply.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  }
}
