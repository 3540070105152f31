/** The pieces of a read come as one, and are what was sent: whatever they are cut into, over many connections, with pauses and ends. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Attempt } from '../attempt.ts';
import type { ReplyBody, ReplySink, WireReply } from '../reply.ts';
import { Pieces } from './pieces.ts';
import { Upstream } from './upstream.ts';

const closes: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0)) await close();
});

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';

/** A body in chunks, each behind its length and before a line end. */
const chunked = (chunks: readonly string[]): string =>
  chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');

/** Writes what it is given of a reply to everybody who asks, one after the other; an empty text is a moment of silence. */
async function serve(writes: (path: string) => readonly string[], end: (socket: Socket) => void = () => undefined) {
  const server = createServer((socket) => {
    socket.setNoDelay();
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const [, path = ''] = bytes.toString().split(' ');
      void (async () => {
        for (const text of writes(path)) {
          if (text === '') await new Promise((resolve) => setTimeout(resolve, 5));
          else socket.write(text, 'latin1');
        }
        end(socket);
      })();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const upstream = new Upstream({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  closes.push(
    () => upstream.close(),
    () => server.close(),
  );
  return (path = '/'): Promise<WireReply> => upstream.send(attempt, { path, headers: {} });
}

const attempt = {
  target: { id: 'test/model', timeouts: { connect: 2000, headers: 20_000, idle: 20_000 } },
  onAbort: () => () => undefined,
} as unknown as Attempt;

/** Notes what comes; `onData` may stop it. */
class Notes implements ReplySink {
  readonly pieces: Buffer[] = [];
  readonly ended = Promise.withResolvers<Error | undefined>();
  readonly #onData: (body: ReplyBody, count: number) => void;
  readonly #body: ReplyBody;

  constructor({ body }: WireReply, onData: (body: ReplyBody, count: number) => void = () => undefined) {
    this.#body = body;
    this.#onData = onData;
    body.pipe(this);
  }

  get text(): string {
    return Buffer.concat(this.pieces).toString('latin1');
  }

  data(chunk: Buffer): void {
    this.pieces.push(chunk);
    this.#onData(this.#body, this.pieces.length);
  }

  end(): void {
    this.ended.resolve(undefined);
  }

  error(error: Error): void {
    this.ended.resolve(error);
  }
}

const events = Array.from({ length: 100 }, (_, at) => `data: {"n":${at},"text":"${'x'.repeat(at * 3)}"}\n\n`);

describe('through sockets', () => {
  test('a hundred events that came together are one piece', async () => {
    const send = await serve(() => [HEAD, '', `${chunked(events)}0\r\n\r\n`]);
    const notes = new Notes(await send());
    expect(await notes.ended.promise).toBeUndefined();
    expect(notes.text).toBe(events.join(''));
    expect(notes.pieces.length).toBeLessThan(5);
  });

  const replies = fc.array(
    fc.record({
      chunks: fc.array(fc.string({ minLength: 1, maxLength: 400, unit: 'grapheme-ascii' }), { maxLength: 60 }),
      cuts: fc.array(fc.nat(20_000), { maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 8 },
  );

  test('replies at once come as they were sent, wherever reads cut them', async () => {
    await fc.assert(fc.asyncProperty(replies, comeAsSent), { numRuns: 60 });
  });

  async function comeAsSent(all: readonly { chunks: readonly string[]; cuts: readonly number[] }[]): Promise<void> {
    const send = await serve((path) => {
      const { chunks = [], cuts = [] } = all[Number(path.slice(1))] ?? {};
      const whole = `${HEAD}${chunked(chunks)}0\r\n\r\n`;
      const places = [0, ...cuts.map((cut) => cut % whole.length).toSorted((a, b) => a - b), whole.length];
      return places.slice(1).map((place, index) => whole.slice(places[index], place));
    });
    for (let round = 0; round < 2; round++) {
      const texts = await Promise.all(
        all.map(async (_reply, index) => {
          const notes = new Notes(await send(`/${index}`));
          expect(await notes.ended.promise).toBeUndefined();
          return notes.text;
        }),
      );
      expect(texts).toEqual(all.map(({ chunks }) => chunks.join('')));
    }
    for (const close of closes.splice(0)) await close();
  }

  test('what comes while the client takes nothing is there when it does', async () => {
    const many = Array.from({ length: 4000 }, (_, at) => `data: ${at} ${'y'.repeat(at % 500)}\n\n`);
    const send = await serve(() => [`${HEAD}${chunked(many)}0\r\n\r\n`]);
    const notes = new Notes(await send(), (body, count) => {
      if (count > 8) return;
      body.pause();
      setTimeout(() => body.resume(), 5);
    });
    expect(await notes.ended.promise).toBeUndefined();
    expect(notes.text === many.join('')).toBe(true);
  });

  test('what had come before the connection broke is given before the error', async () => {
    const send = await serve(
      () => [HEAD, '', chunked(events)],
      (socket) => setTimeout(() => socket.destroy(), 5),
    );
    const notes = new Notes(await send());
    expect(await notes.ended.promise).toMatchObject({ code: 'GW_UPSTREAM_CUT' });
    expect(notes.text).toBe(events.join(''));
  });

  test('what had come before a fault in the same read is given before the error', async () => {
    const send = await serve(() => [HEAD, '', `${chunked(events)}no length\r\n`]);
    const notes = new Notes(await send());
    expect(await notes.ended.promise).toMatchObject({ code: 'GW_UPSTREAM_CUT' });
    expect(notes.text).toBe(events.join(''));
  });

  test('who cancels is given nothing more', async () => {
    const left = Promise.withResolvers<void>();
    const send = await serve(
      () => [HEAD, '', chunked(events), '', chunked(events)],
      (socket) => (socket.destroyed ? left.resolve() : socket.once('close', left.resolve)),
    );
    const notes = new Notes(await send(), (body) => body.cancel());
    await left.promise;
    expect(notes.pieces).toHaveLength(1);
    expect(events.join('').startsWith(notes.text)).toBe(true);
  });
});

describe('in memory', () => {
  const sizes = fc.array(fc.tuple(fc.nat(12), fc.nat(40)), { minLength: 1, maxLength: 20 });

  test('pieces are moved together, and nothing around them is touched', () => {
    fc.assert(fc.property(sizes, areMoved));
  });

  function areMoved(all: readonly (readonly [gap: number, size: number])[]): void {
    const length = all.reduce((sum, [gap, size]) => sum + gap + size, 0);
    const memory = Buffer.from(Uint8Array.from({ length: length + 40 }, (_, at) => at % 251).buffer);
    const before = Buffer.from(memory);
    const pieces = new Pieces();
    const whole: Buffer[] = [];
    let at = 20;
    for (const [gap, size] of all) {
      at += gap;
      whole.push(before.subarray(at, at + size));
      pieces.add(memory.subarray(at, at + size));
      at += size;
    }
    expect(pieces.take()).toEqual(Buffer.concat(whole));
    expect(pieces.take()).toBeUndefined();
    const gap = all[0]?.[0] ?? 0;
    expect(memory.subarray(0, 20 + gap)).toEqual(before.subarray(0, 20 + gap));
    expect(memory.subarray(at)).toEqual(before.subarray(at));
  }

  test('one piece is not copied', () => {
    const pieces = new Pieces();
    const one = Buffer.from('one');
    pieces.add(one);
    expect(pieces.take()).toBe(one);
  });
});
