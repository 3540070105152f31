/** The bare passthrough that gateways are measured against: node:http in front, an undici dispatch handler behind, nothing read. */
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool, type Dispatcher } from 'undici';
import { answerProbes } from './probe.ts';

/** Copies a reply to the client as it comes, and minds that the client may be slower. */
class Passage implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  /** Whether what comes in one turn of the event loop goes out in one write. */
  readonly #gathers: boolean;
  #gathered: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;

  constructor(response: ServerResponse, gathers: boolean) {
    this.#response = response;
    this.#gathers = gathers;
    response.on('drain', () => this.#controller?.resume());
    response.once('close', () => {
      if (!response.writableFinished) this.#controller?.abort(new Error('The client left.'));
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const { 'content-type': type = 'application/octet-stream', 'content-length': length } = headers;
    const out: OutgoingHttpHeaders = { 'content-type': String(type) };
    if (length !== undefined) out['content-length'] = String(length);
    this.#response.writeHead(status, out);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#gathers) this.#write(chunk);
    else if (this.#gathered.push(chunk) === 1) process.nextTick(() => this.#flush());
  }

  #flush(): void {
    if (this.#gathered.length > 0) this.#write(Buffer.concat(this.#gathered));
    this.#gathered = [];
  }

  #write(bytes: Buffer): void {
    if (!this.#response.write(bytes)) this.#controller?.pause();
  }

  onResponseEnd(): void {
    this.#flush();
    this.#response.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, _error: Error): void {
    this.#response.destroy();
  }
}

/** Listens on a free port and passes every request on to `origin`, with its path and its body; a pipe gathers chunks. */
export async function startBare(origin: string, manner: 'bare' | 'pipe' = 'bare'): Promise<number> {
  const pool = new Pool(origin, { connections: 1024, pipelining: 1, allowH2: false });
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      const headers = { 'content-type': 'application/json', authorization: 'Bearer upstream-key-0123456789abcdef' };
      pool.dispatch(
        { method: 'POST', path: request.url ?? '/', headers, body, headersTimeout: 300_000, bodyTimeout: 300_000 },
        new Passage(response, manner === 'pipe'),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  return (server.address() as AddressInfo).port;
}

if (import.meta.main)
  answerProbes(await startBare(process.argv[2] as string, process.argv[3] as 'bare' | 'pipe' | undefined));
