/** Messages are found wherever the bytes are cut, and broken ones are never shown. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@gatewright/core';
import { crc32 } from 'node:zlib';
import { encodeMessage } from './message.ts';
import { MessageSplitter } from './message-splitter.ts';
import { aws, awsStream, split } from './wire.test.kit.ts';

const EVENTS: readonly JsonObject[] = [
  { messageStart: { role: 'assistant' } },
  { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'größer ' } } },
  { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'x'.repeat(300) } } },
  { messageStop: { stopReason: 'end_turn' } },
];
const BYTES = awsStream(...EVENTS);

/** The events that come out of pieces, with a check that the offsets are those of their own bytes. */
function eventsOf(pieces: readonly Buffer[]): JsonObject[] {
  const events: JsonObject[] = [];
  const splitter: MessageSplitter = new MessageSplitter((frame, start, end) => {
    expect(splitter.bytes.readUInt32BE(start)).toBe(end - start);
    events.push({ [frame.event]: frame.json() });
  });
  let held = 0;
  for (const piece of pieces) {
    expect(splitter.pending).toBe(held);
    const done = splitter.push(piece);
    held += piece.length - done;
  }
  expect(splitter.pending).toBe(held);
  return events;
}

describe('cuts', () => {
  test('at every byte', () => {
    for (let cut = 1; cut < BYTES.length; cut++) {
      expect(eventsOf([BYTES.subarray(0, cut), BYTES.subarray(cut)])).toEqual(EVENTS);
    }
    expect(eventsOf(Array.from(BYTES, (_byte, at) => BYTES.subarray(at, at + 1)))).toEqual(EVENTS);
  });

  test('anywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(BYTES.length), { maxLength: 12 }), (cuts) => {
        const ends = [...cuts, BYTES.length].toSorted((a, b) => a - b);
        expect(eventsOf(ends.map((end, index) => BYTES.subarray(ends[index - 1] ?? 0, end)))).toEqual(EVENTS);
      }),
    );
  });

  test('inside of a message: it is not shown, and the end says that there was none', () => {
    const seen: string[] = [];
    const splitter = split(BYTES.subarray(0, -1), [], (frame) => seen.push(frame.event));
    expect(seen).toHaveLength(EVENTS.length - 1);
    expect(splitter.pending).toBeGreaterThan(0);
    expect([splitter.end(), splitter.pending]).toEqual([false, 0]);
    expect(seen).toHaveLength(EVENTS.length - 1);
  });
});

test('heads of the same length are told apart', () => {
  const all = ['contentBlockStart', 'contentBlockDelta', 'contentBlockDelta', 'contentBlockStart'].map((type) => ({
    [type]: { contentBlockIndex: 0 },
  }));
  expect(eventsOf([awsStream(...all)])).toEqual(all);
  expect(eventsOf(all.map((event) => awsStream(event)))).toEqual(all);
});

describe('what is broken', () => {
  test('any single bit is found, and nothing of that message or behind it is shown', () => {
    const [first] = EVENTS;
    const good = awsStream(first as JsonObject);
    const bytes = Buffer.concat([good, awsStream(...EVENTS.slice(1, 2)), good]);
    const second = bytes.length - 2 * good.length;
    for (let bit = good.length * 8; bit < (good.length + second) * 8; bit++) {
      const broken = Buffer.from(bytes);
      broken[bit >> 3] = (broken[bit >> 3] as number) ^ (1 << (bit & 7));
      const seen: string[] = [];
      expect(() => split(broken, [], (frame) => seen.push(frame.event))).toThrow(
        expect.objectContaining({
          code: 'GW_UPSTREAM_INVALID',
          message: expect.stringContaining('checksum') as unknown,
        }),
      );
      expect(seen).toEqual(['messageStart']);
    }
  });

  /** A message whose checksums are right, whatever its lengths are. */
  function forged(length: number, headers: number, rest: Buffer): Buffer {
    const prelude = Buffer.alloc(12);
    prelude.writeUInt32BE(length, 0);
    prelude.writeUInt32BE(headers, 4);
    prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
    const body = Buffer.concat([prelude, rest]);
    const trailer = Buffer.alloc(4);
    trailer.writeUInt32BE(crc32(body));
    return Buffer.concat([body, trailer]);
  }

  test.each([
    ['headers longer than the message', forged(20, 100, Buffer.alloc(4)), /longer than itself/],
    ['a length below the least', forged(8, 0, Buffer.alloc(0)), /longer than itself/],
    ['a header of no known type', forged(19, 3, Buffer.from([1, 0x61, 99])), /type 99/],
    ['a header that runs out of the headers', forged(20, 4, Buffer.from([1, 0x61, 5, 0])), /headers cannot be read/],
  ])('%s', (_what, bytes, message) => {
    expect(() => split(bytes, [], () => undefined)).toThrow(
      expect.objectContaining({ code: 'GW_UPSTREAM_INVALID', message: expect.stringMatching(message) as unknown }),
    );
  });

  test('a message over the limit is refused by its length alone', () => {
    const bytes = encodeMessage('metadata', { text: 'x'.repeat(200) });
    const splitter = new MessageSplitter(() => undefined, 100);
    expect(() => splitter.push(bytes.subarray(0, 12))).toThrow(/longer than 100 bytes/);
  });

  test('something that is no event stream at all', () => {
    expect(() => split(Buffer.from('data: {"choices":[]}\n\n'), [], () => undefined)).toThrow(
      /checksum of its lengths/,
    );
  });
});

test('headers of all types are passed over', () => {
  const body = Buffer.from('{"a":1}');
  const headers = {
    a: { type: 'boolean' as const, value: true },
    b: { type: 'byte' as const, value: 1 },
    c: { type: 'short' as const, value: 2 },
    d: { type: 'integer' as const, value: 3 },
    e: { type: 'binary' as const, value: new Uint8Array([1, 2, 3]) },
    f: { type: 'timestamp' as const, value: new Date(0) },
    g: { type: 'uuid' as const, value: '00000000-0000-0000-0000-000000000000' },
    ':event-type': { type: 'string' as const, value: 'metadata' },
  };
  expect(eventsOf([Buffer.from(aws.encode({ headers, body }))])).toEqual([{ metadata: { a: 1 } }]);
});
