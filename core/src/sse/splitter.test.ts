import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { SseSplitter } from './splitter.ts';

interface Seen {
  readonly event: string;
  readonly data: string;
  readonly bytes: string;
}

/** Splits at the given places and answers with all frames and the bytes that were passed on. */
function split(chunks: readonly Buffer[], maxFrame?: number): { frames: Seen[]; passed: string } {
  const frames: Seen[] = [];
  let passed = '';
  const splitter: SseSplitter = new SseSplitter((frame, start, end) => {
    frames.push({ event: frame.event, data: frame.text(), bytes: splitter.bytes.toString('utf8', start, end) });
  }, maxFrame);
  for (const chunk of chunks) {
    const done = splitter.push(chunk);
    passed += splitter.bytes.toString('utf8', 0, done);
  }
  if (splitter.end()) passed += splitter.bytes.toString();
  return { frames, passed };
}

const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const at = [...new Set([0, ...places.map((place) => place % bytes.length), bytes.length])].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

const STREAM = [
  ': a comment\n\n',
  'event: message_start\ndata: {"a":"ü😀"}\n\n',
  'data: one\r\ndata: two\r\n\r\n',
  'data:no space\n\n',
  'id: 7\nretry: 10\ndata: with other fields\n\n',
  'data: mixed ends\r\n\n',
  'data\n\n',
  '\n\n',
  'data: [DONE]\n\n',
].join('');

const EXPECTED = [
  ['message_start', '{"a":"ü😀"}'],
  ['', 'one\ntwo'],
  ['', 'no space'],
  ['', 'with other fields'],
  ['', 'mixed ends'],
  ['', ''],
  ['', '[DONE]'],
];

describe('SseSplitter', () => {
  test('reads frames with every kind of line end, comments and other fields', () => {
    const { frames, passed } = split([Buffer.from(STREAM)]);
    expect(frames.map((frame) => [frame.event, frame.data])).toEqual(EXPECTED);
    expect(passed).toBe(STREAM);
  });

  test('reads the same frames one byte at a time', () => {
    const bytes = Buffer.from(STREAM);
    const { frames, passed } = split([...bytes].map((byte) => Buffer.from([byte])));
    expect(frames.map((frame) => [frame.event, frame.data])).toEqual(EXPECTED);
    expect(passed).toBe(STREAM);
  });

  test('reads the same frames however the bytes are cut', () => {
    const bytes = Buffer.from(STREAM);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (places) => {
        const { frames, passed } = split(cut(bytes, places));
        expect(frames.map((frame) => [frame.event, frame.data])).toEqual(EXPECTED);
        expect(passed).toBe(STREAM);
      }),
    );
  });

  test('takes a last frame without its blank line, and even without a line end', () => {
    expect(split([Buffer.from('data: a\n\ndata: b\n')]).frames.map((frame) => frame.data)).toEqual(['a', 'b']);
    expect(split([Buffer.from('data: a\n\nevent: e\ndata: b')]).frames[1]).toMatchObject({ event: 'e', data: 'b' });
    expect(split([Buffer.from('data: a\n\n: bye')]).frames).toHaveLength(1);
  });

  test('shows the very buffer that was pushed where no frame is open', () => {
    const chunk = Buffer.from('data: a\n\n');
    const splitter = new SseSplitter(() => undefined);
    splitter.push(chunk);
    expect(splitter.bytes).toBe(chunk);
  });

  test('asks at the beginning of each frame whether it may go by, and shows the others', () => {
    const asked: string[] = [];
    const seen: string[] = [];
    const passer = (ascii: string, at: number): number => {
      asked.push(ascii.slice(at));
      return ascii.startsWith('data: ok\n\n', at) ? at + 10 : -1;
    };
    const splitter = new SseSplitter((frame) => seen.push(frame.text()), 100, passer);
    const done = ['data: o', 'k\n\ndata: a\n', '\ndata: ok\n\ndata: ok\n\ndata: b\n\nda'].map((text) =>
      splitter.push(Buffer.from(text)),
    );
    expect(seen).toEqual(['a', 'b']);
    expect(done).toEqual([0, 10, 38]);
    expect(asked.filter((text) => text.startsWith('data: b'))).toHaveLength(1);
  });

  test('tells what stands around one line of data, and nothing of several', () => {
    const seen: unknown[] = [];
    const splitter = new SseSplitter(({ around }) => seen.push(around));
    splitter.push(Buffer.from('event: e\r\ndata:a\r\n\r\ndata: a\ndata: b\n\n'));
    expect(seen).toEqual([['event: e\r\ndata:', '\r\n\r\n'], undefined]);
  });

  test('joins a long frame once, not for every chunk', () => {
    const size = 8 * 1024 * 1024;
    const long = Buffer.from(`data: ${'x'.repeat(size)}\n\n`);
    const chunks: Buffer[] = [];
    for (let at = 0; at < long.length; at += 4096) chunks.push(long.subarray(at, at + 4096));
    const { frames } = split(chunks);
    expect(frames[0]?.data.length).toBe(size);
  });

  test('refuses a frame that is too long', () => {
    const flood = [Buffer.from('data: '), Buffer.alloc(200, 'x')];
    expect(() => split(flood, 100)).toThrow('A stream event is longer than 100 bytes.');
  });
});
