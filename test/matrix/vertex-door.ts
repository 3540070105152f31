/** A door in front of the fake, which knows Claude's own API and not the one under which Vertex AI serves its models: it opens both. */
import { createServer, request as connect, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asJson } from './reader.ts';

/** Where Vertex AI has Claude: the model stands in the path, and whether a stream is wanted in the method and in the body. */
const CLAUDE = /\/publishers\/anthropic\/models\/([^/:]+):(?:streamR|r)awPredict$/;

export class VertexDoor {
  readonly #target: string;
  readonly #server = createServer((request, response) => void this.#pass(request, response));

  private constructor(target: string) {
    this.#target = target;
  }

  static async open(target: string): Promise<VertexDoor> {
    const door = new VertexDoor(target);
    await new Promise<void>((resolve) => door.#server.listen(0, '127.0.0.1', resolve));
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const path = incoming.url ?? '';
    const model = CLAUDE.exec(path)?.[1];
    const sent = Buffer.concat(chunks);
    const body =
      model === undefined ? sent : Buffer.from(JSON.stringify({ ...asJson(JSON.parse(sent.toString())), model }));
    const headers = { ...incoming.headers, 'content-length': String(body.length) };
    const options = { method: incoming.method ?? 'GET', headers };
    const onward = connect(new URL(model === undefined ? path : '/v1/messages', this.#target), options, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  }
}
