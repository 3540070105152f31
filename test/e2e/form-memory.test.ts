/** A form of 200 MB goes through without being held in memory, and arrives as it was. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateways.ts';

const PIECE = 64 * 1024;
const PIECES = 3_200;
const SIZE = PIECE * PIECES;
/** How much the whole process may grow: client, gateway and upstream, with what the collector has not come to yet. */
const ROOM = 80 * 1024 * 1024;

/** The nth piece of the file: every one is different. */
function pieceOf(index: number, into: Buffer): Buffer {
  into.writeUInt32BE(index, 0);
  into.write('\r\n--edge', 100 + (index % 1000), 'latin1');
  return into;
}

interface Arrived {
  readonly length: number;
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly hash: string;
}

/** Looks at a body without keeping it. */
async function look(incoming: IncomingMessage): Promise<Arrived> {
  const hash = createHash('sha256');
  let length = 0;
  let head: Buffer = Buffer.alloc(0);
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    hash.update(chunk);
    length += chunk.length;
    if (head.length < 1000) head = Buffer.concat([head, chunk]).subarray(0, 1000);
    tail = chunk.length >= 1000 ? Buffer.from(chunk.subarray(-1000)) : Buffer.concat([tail, chunk]).subarray(-1000);
  }
  return { length, head: Buffer.from(head), tail: Buffer.from(tail), hash: hash.digest('hex') };
}

const arrived: Arrived[] = [];
const upstream = createServer((incoming, response) => {
  void look(incoming).then((what) => {
    arrived.push(what);
    // The first attempt fails: the second reads all of it from the disk once more.
    const isFirst = arrived.length === 1;
    response.writeHead(isFirst ? 500 : 200, { 'content-type': 'application/json' });
    response.end(isFirst ? '{"error":{"message":"overloaded"}}' : '{"text":"Hi."}');
  });
});
let gateway: TestGateway;

beforeAll(async () => {
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  gateway = await startGateway({
    upstream: url,
    config: { limits: { upload: '300mb', uploadTimeout: '10m' }, retries: 1 },
  });
});

afterAll(async () => {
  await gateway.close();
  upstream.close();
});

/** Sends the file in front of the model; answers with the reply's text, and how much memory was used at most. */
async function send(pieces: number): Promise<{ readonly text: string; readonly most: number }> {
  const client = request(`${gateway.url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=edgeofform' },
  });
  const answered = once(client, 'response') as Promise<[IncomingMessage]>;
  client.write('--edgeofform\r\nContent-Disposition: form-data; name="file"; filename="big.wav"\r\n\r\n');
  let most = 0;
  const sample = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  const piece = Buffer.alloc(PIECE);
  for (let index = 0; index < pieces; index++) {
    client.write(pieceOf(index, piece.fill(0)));
    // It has left before the buffer is filled anew.
    if (client.writableNeedDrain) await once(client, 'drain');
  }
  client.end('\r\n--edgeofform\r\nContent-Disposition: form-data; name="model"\r\n\r\ngpt\r\n--edgeofform--\r\n');
  const [response] = await answered;
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  clearInterval(sample);
  return { text: Buffer.concat(chunks).toString(), most };
}

test('a form of 200 MB needs no memory of that size, arrives byte for byte, and can be sent a second time', async () => {
  // What any exchange needs is there after a first one.
  await send(PIECES / 10);
  arrived.length = 0;
  const before = process.memoryUsage().rss;
  const { text, most } = await send(PIECES);
  expect(text).toBe('{"text":"Hi."}');
  expect(most - before).toBeLessThan(ROOM);

  const [first, second] = arrived as [Arrived, Arrived];
  expect(second).toEqual(first);
  const start = second.head.indexOf('\r\n\r\n') + 4;
  expect(second.head.subarray(0, start).toString()).toContain('filename="big.wav"');
  const end = second.tail.length - (second.length - start - SIZE);
  const hash = createHash('sha256').update(second.head.subarray(0, start));
  const piece = Buffer.alloc(PIECE);
  for (let index = 0; index < PIECES; index++) hash.update(pieceOf(index, piece.fill(0)));
  expect(hash.update(second.tail.subarray(end)).digest('hex')).toBe(second.hash);
  expect(second.tail.subarray(end).toString()).toMatch(/name="model"\r\n\r\ngpt-upstream\r\n/);
}, 120_000);
