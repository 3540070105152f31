/** Streams of lines: how they are cut, watched, and what breaks them. */
import { Sight } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { codec } from './codec.ts';
import { LineSplitter } from './line-splitter.ts';
import { decodeStream, framesOf, STREAMS, toldContext } from './wire.test.kit.ts';

const TEXT = STREAMS['text'] ?? '';

describe('lines', () => {
  test('are the same however the bytes are cut', () => {
    const whole = framesOf([TEXT]);
    expect(whole.join('')).toBe(TEXT);
    const bytes = Buffer.from(TEXT);
    for (const size of [1, 2, 3, 7, 50]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(framesOf(chunks)).toEqual(whole);
    }
  });

  test('may end with CRLF, be empty, and the last may lack its end', () => {
    const seen: unknown[] = [];
    const pieces = framesOf(['\r\n{"a":1}\r\n\n \n{"b":"é"}'], (frame) => seen.push(frame.json()));
    expect(seen).toEqual([{ a: 1 }, { b: 'é' }]);
    expect(pieces).toEqual(['{"a":1}\r\n', '{"b":"é"}']);
  });

  test('cannot be longer than they may', () => {
    const splitter = new LineSplitter(() => undefined, 10);
    splitter.push(Buffer.from('{"a":1'));
    expect(() => splitter.push(Buffer.from('23456}'))).toThrow(RangeError);
  });
});

/** What the observer saw of each line. */
function sights(text: string) {
  const observer = codec.stream?.observer({ dropUsage: false });
  const seen: number[] = [];
  framesOf([text], (frame) => seen.push(observer?.see(frame) ?? -1));
  return { seen, summary: observer?.summary };
}

describe('a watched stream', () => {
  test('tells its content, its end and its usage', () => {
    const { seen, summary } = sights(TEXT);
    expect(seen).toEqual([Sight.CONTENT, Sight.NOTHING, Sight.STOP | Sight.END]);
    expect(summary).toMatchObject({ model: 'llama3.2', usage: { input: 26, output: 282 }, stop: { reason: 'stop' } });
    expect(sights(STREAMS['tools'] ?? '').summary).toMatchObject({ stop: { reason: 'tool-calls' } });
    expect(sights(STREAMS['thinking'] ?? '').seen[0]).toBe(Sight.CONTENT);
  });

  test('does not take what the model says for its own words', () => {
    const said = JSON.stringify({ message: { content: '"done":true,"error":"x"' }, done: false });
    expect(sights(`${TEXT.split('\n')[0]}\n${said}\n`).seen).toEqual([Sight.CONTENT, Sight.NOTHING]);
  });

  test.each([
    ['{"error":"an error was encountered while running the model: CUDA error"}', Sight.ERROR],
    ['{"message":{"content":"cut o', Sight.MALFORMED],
    ['7', Sight.MALFORMED],
  ])('that breaks: %s', (line, sight) => {
    expect(sights(line).seen).toEqual([sight]);
    expect(sights(`${TEXT.split('\n')[0]}\n${line}`).seen[1]).toBe(sight);
  });
});

describe('a broken stream', () => {
  test('that reports an error says it', () => {
    expect(decodeStream('{"error":"CUDA error"}')).toEqual([{ type: 'error', status: 500, message: 'CUDA error' }]);
  });

  test('that ends too early has no end', () => {
    const events = decodeStream(`${TEXT.split('\n')[0]}\n`);
    expect(events.map(({ type }) => type)).toEqual(['start', 'part-start', 'part-delta', 'part-end']);
  });

  test.each(['{"message":{"content":"cut', '[]', '{"message":7}'])('that has %s is refused', (line) => {
    expect(() => decodeStream(line)).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
  });
});

test('a call that comes in pieces is written whole, and one that never ends at the end', () => {
  const encoder = codec.stream?.encoder(toldContext('m'));
  const at = { candidate: 0, index: 0 };
  const call = { type: 'tool-call', id: 'c', name: 'f', arguments: '' } as const;
  const text = [
    encoder?.push({ type: 'start', id: 'x', model: 'y', created: 1_700_000_000 }),
    encoder?.push({ type: 'part-start', ...at, part: call }),
    encoder?.push({ type: 'part-delta', ...at, delta: { kind: 'arguments', text: '{"a"' } }),
    encoder?.push({ type: 'part-delta', ...at, delta: { kind: 'arguments', text: ':1}' } }),
    encoder?.push({ type: 'end' }),
  ].join('');
  const lines = text.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      model: 'm',
      created_at: '2023-11-14T22:13:20.000Z',
      message: {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c', function: { name: 'f', arguments: { a: 1 } } }],
      },
      done: false,
    },
    {
      model: 'm',
      created_at: '2023-11-14T22:13:20.000Z',
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: 'stop',
    },
  ]);
});
