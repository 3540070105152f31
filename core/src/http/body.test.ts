/** A body is taken as it comes: at once where all of it is there, else piece by piece. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import type { Limits } from '../config/normal.ts';
import { Arrival } from './arrival.ts';
import { readBody } from './body.ts';

const LIMITS = { body: 1000, bodyTimeout: 2000 } as Limits;

const closes: (() => void)[] = [];
afterEach(() => {
  for (const close of closes.splice(0)) close();
});

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
    void readBody(arrival, LIMITS, systemClock).then((bytes) => {
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
