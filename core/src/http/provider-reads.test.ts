/** What providers send arrives whole and in order, whatever it comes in: many connections, a pause, TLS, an end without a length. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach, expect, test } from 'vitest';
import type { Dispatcher } from 'undici';
import { connector } from './connector.ts';
import { loadPool } from './pool.ts';

const closes: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0)) await close();
});

/** Bytes of which each says which reply it is of, and where. */
function content(id: number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_value, index) => (id * 31 + index * 7 + (index >> 8)) % 256));
}

/** Answers with the content that the path asks for, in pieces of as many bytes as the path says. */
const inPieces: RequestListener = (request, response) => {
  const [, id = '', length = '', piece = ''] = (request.url ?? '').split('/');
  const all = content(Number(id), Number(length));
  const send = (at: number): void => {
    if (at >= all.length) {
      response.end();
      return;
    }
    response.write(all.subarray(at, at + Number(piece)));
    setImmediate(send, at + Number(piece));
  };
  send(0);
};

async function ask(
  server: Server,
  scheme: 'http' | 'https',
): Promise<(path: string, pauses?: number) => Promise<Buffer>> {
  await once(server.listen(0, 'localhost'), 'listening');
  const origin = `${scheme}://localhost:${(server.address() as AddressInfo).port}`;
  const pool = new (loadPool())(origin, { connect: connector(2000), allowH2: false });
  closes.push(
    () => pool.destroy(),
    () => server.close(),
  );
  return (path, pauses = 0) =>
    new Promise((resolve, reject) => pool.dispatch({ path, method: 'GET' }, new Reader(resolve, reject, pauses)));
}

/** Gathers a body, and lets the provider wait for a while after each of its first pieces. */
class Reader implements Dispatcher.DispatchHandler {
  readonly #resolve: (body: Buffer) => void;
  readonly #reject: (error: Error) => void;
  readonly #pieces: Buffer[] = [];
  #pauses: number;

  constructor(resolve: (body: Buffer) => void, reject: (error: Error) => void, pauses: number) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#pauses = pauses;
  }

  // Undici takes no handler without these.
  onRequestStart(): void {}

  onResponseStart(): void {}

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#pieces.push(piece);
    if (this.#pauses-- <= 0) return;
    controller.pause();
    setTimeout(() => controller.resume(), 5);
  }

  onResponseEnd(): void {
    this.#resolve(Buffer.concat(this.#pieces));
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#reject(error);
  }
}

test('replies on many connections at once stay apart', async () => {
  const get = await ask(createServer(inPieces), 'http');
  const sizes = Array.from({ length: 60 }, (_value, id) => [id, 1 + ((id * 7919) % 150_000), 1 + ((id * 613) % 9_000)]);
  const bodies = await Promise.all(sizes.map((size) => get(`/${size.join('/')}`)));
  for (const [index, [id = 0, length = 0]] of sizes.entries())
    expect(bodies[index]?.equals(content(id, length))).toBe(true);
});

test('connections are used for one reply after the other', async () => {
  let connections = 0;
  const server = createServer(inPieces).on('connection', () => connections++);
  const get = await ask(server, 'http');
  for (let id = 0; id < 9; id++) expect((await get(`/${id}/3000/700`)).equals(content(id, 3000))).toBe(true);
  // undici opens another while it looks whether the first is still good.
  expect(connections).toBeLessThanOrEqual(2);
});

test('what comes during a pause is not lost, and not before what had come', async () => {
  const get = await ask(createServer(inPieces), 'http');
  expect((await get('/3/2000000/65536', 12)).equals(content(3, 2_000_000))).toBe(true);
});

test('a reply that ends with its connection is whole', async () => {
  const server = createServer((_request, response) => {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
    response.write(content(9, 90_000));
    setTimeout(() => response.end(content(8, 10)), 5);
  });
  const get = await ask(server, 'http');
  expect((await get('/')).equals(Buffer.concat([content(9, 90_000), content(8, 10)]))).toBe(true);
});

test('a reply that breaks off is an error', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half');
    setTimeout(() => response.destroy(), 5);
  });
  const get = await ask(server, 'http');
  await expect(get('/')).rejects.toThrow('other side closed');
});

test('the same over TLS', async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const trusted = getCACertificates();
  setDefaultCACertificates([...trusted, cert]);
  closes.push(() => setDefaultCACertificates(trusted));
  const get = await ask(createSecureServer({ cert, key }, inPieces), 'https');
  const bodies = await Promise.all([1, 2, 3].map((id) => get(`/${id}/120000/5000`, id)));
  bodies.forEach((body, index) => expect(body.equals(content(index + 1, 120_000))).toBe(true));
});
