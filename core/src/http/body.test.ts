/** A body is taken as it comes: at once where all of it is there, else piece by piece. */
import { once } from 'node:events';
import { createServer, IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, Socket, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import type { Limits } from '../config/normal.ts';
import { Arrival } from './arrival.ts';
import { readBody } from './body.ts';

const LIMITS = { body: 1000, bodyTimeout: 2000 } as Limits;
const WIDE = { body: 4_000_000, bodyTimeout: 60_000 } as Limits;

const closes: (() => void)[] = [];
afterEach(() => {
  for (const close of closes.splice(0)) close();
});

/** What is refused at once is thrown, else it comes later. */
const read = async (arrival: Arrival, limits: Limits): Promise<Buffer> => readBody(arrival, limits, systemClock);

interface Taken {
  readonly text: string;
  /** All was there when it was first looked at. */
  readonly atOnce: boolean;
}

/** What the server reads of a request that is written in these pieces, one turn of the event loop after another. */
async function take(pieces: readonly string[], times = 1): Promise<Taken[]> {
  const taken: Taken[] = [];
  const server = createServer((request, response) => {
    const arrival = new Arrival(request, response);
    void read(arrival, LIMITS).then((bytes) => {
      taken.push({ text: bytes.toString(), atOnce: arrival.isRead });
      response.end('done');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setNoDelay();
  closes.push(
    () => void socket.destroy(),
    () => void server.close(),
  );
  for (let time = 0; time < times; time++) {
    for (const piece of pieces) {
      socket.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (taken.length <= time) await once(socket, 'data');
  }
  return taken;
}

const head = (more: string): string =>
  `POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${more}\r\n\r\n`;

test('a body in one packet with its head is taken at once, on one connection after another request too', async () => {
  const request = `${head('content-length: 7')}{"a":1}`;
  const seven = { text: '{"a":1}', atOnce: true };
  expect(await take([request], 3)).toEqual([seven, seven, seven]);
});

test('a body that comes in pieces is waited for', async () => {
  expect(await take([head('content-length: 7'), '{"a"', ':1}'])).toEqual([{ text: '{"a":1}', atOnce: false }]);
  expect(await take([`${head('content-length: 7')}{"a"`, ':1}'])).toEqual([{ text: '{"a":1}', atOnce: false }]);
});

test('a body of unknown length is waited for', async () => {
  const chunks = `${head('transfer-encoding: chunked')}7\r\n{"a":1}\r\n0\r\n\r\n`;
  expect(await take([chunks])).toEqual([{ text: '{"a":1}', atOnce: false }]);
});

test('two requests in one packet are each taken whole', async () => {
  const request = `${head('content-length: 7')}{"a":1}`;
  const [first, second] = await take([request + request.replace('"a"', '"b"')]);
  expect([first?.text, second?.text]).toEqual(['{"a":1}', '{"b":1}']);
});

const large = Buffer.from(JSON.stringify({ model: 'a', text: 'ö0123456789'.repeat(250_000) }));

/** The body that the server reads of a large request, and what `look` saw while it came. */
async function takeLarge(length: boolean, limits: Limits, look?: (chunk: Buffer) => void): Promise<Buffer | Error> {
  const server = createServer((request, response) => {
    // A second listener has the right to keep what it was given.
    if (look !== undefined) request.on('data', look);
    void read(new Arrival(request, response), limits).then(
      (bytes) => {
        server.emit('taken', bytes);
        response.end();
      },
      (error: unknown) => {
        server.emit('taken', error);
        response.writeHead(413, { connection: 'close' }).end();
      },
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closes.push(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const headers = { 'content-type': 'application/json', ...(length ? { 'content-length': large.length } : {}) };
  const client = request({ port, host: '127.0.0.1', method: 'POST', headers });
  client.on('error', () => undefined).on('response', (response) => response.resume());
  if (length) client.end(large);
  else for (let at = 0; at < large.length; at += 100_000) client.write(large.subarray(at, at + 100_000));
  client.end();
  const [taken] = (await once(server, 'taken')) as [Buffer | Error];
  client.destroy();
  return taken;
}

test('a large body is whole, whether its length was said or not', async () => {
  expect(large.equals((await takeLarge(true, WIDE)) as Buffer)).toBe(true);
  expect(large.equals((await takeLarge(false, WIDE)) as Buffer)).toBe(true);
});

test('the pieces of a large body are given back, unless somebody else has them', async () => {
  const transfer = vi.spyOn(ArrayBuffer.prototype, 'transfer');
  await takeLarge(true, WIDE);
  expect(transfer.mock.calls.length).toBeGreaterThan(10);
  transfer.mockClear();
  const seen: Buffer[] = [];
  await takeLarge(true, WIDE, (chunk) => seen.push(chunk));
  expect(transfer).not.toHaveBeenCalled();
  expect(large.equals(Buffer.concat(seen))).toBe(true);
  transfer.mockRestore();
});

describe('a body that is there in several pieces when it is first looked at', () => {
  const pieces = (): Buffer[] =>
    [0, 60_000].map((at) => Buffer.from(large.subarray(at, at + 60_000).toString('latin1'), 'latin1'));

  function taken(chunks: readonly Buffer[], look?: (chunk: Buffer) => void): unknown {
    const request = new IncomingMessage(new Socket());
    request.headers = { 'content-type': 'application/json', 'content-length': '120000' };
    if (look !== undefined) request.on('data', look);
    for (const chunk of chunks) request.push(chunk);
    return readBody(new Arrival(request, {} as ServerResponse), WIDE, systemClock);
  }

  test('is taken at once, and the pieces are given back', () => {
    const chunks = pieces();
    expect(large.subarray(0, 120_000).equals(taken(chunks) as Buffer)).toBe(true);
    expect(chunks.map((chunk) => chunk.length)).toEqual([0, 0]);
  });

  test('unless somebody else has them', () => {
    const seen: Buffer[] = [];
    expect(large.subarray(0, 120_000).equals(taken(pieces(), (chunk) => seen.push(chunk)) as Buffer)).toBe(true);
    expect(large.subarray(0, 120_000).equals(Buffer.concat(seen))).toBe(true);
  });
});

test('a large body that says no length is refused when it is over the limit', async () => {
  expect(await takeLarge(false, { ...WIDE, body: 300_000 })).toMatchObject({ code: 'GW_BODY_TOO_LARGE' });
  expect(await takeLarge(true, { ...WIDE, body: 300_000 })).toMatchObject({ code: 'GW_BODY_TOO_LARGE' });
});
