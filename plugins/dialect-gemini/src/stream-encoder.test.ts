/** Neutral events written as chunks. */
import { collect, NO_USAGE, spread, type ChatEvent, type ChatResponse, type StreamCodec } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { generateArrayCodec } from './codec.ts';
import { chunksOf, decodeStream, dropping, encodeStream } from './wire.test.kit.ts';

const array = generateArrayCodec.stream as StreamCodec<'chat'>;
const at = { candidate: 0, index: 0 };
const call = (index: number): ChatEvent => ({
  type: 'part-start',
  candidate: 0,
  index,
  part: { type: 'tool-call', id: `id-${index}`, name: 'f', arguments: '' },
});
const piece = (index: number, text: string): ChatEvent => ({
  type: 'part-delta',
  candidate: 0,
  index,
  delta: { kind: 'arguments', text },
});

test('text goes out as it comes; stop and usage come last, in any order', () => {
  const chunks = chunksOf(
    encodeStream([
      { type: 'start', id: 'i', model: 'm' },
      { type: 'part-start', ...at, part: { type: 'text', text: '' } },
      { type: 'part-delta', ...at, delta: { kind: 'text', text: 'a' } },
      { type: 'part-delta', ...at, delta: { kind: 'text', text: 'b' } },
      { type: 'part-end', ...at },
      { type: 'stop', candidate: 0, stop: { reason: 'length' } },
      { type: 'usage', usage: { ...NO_USAGE, input: 3, cacheRead: 2, output: 4, reasoning: 1 } },
    ]),
  );
  const rest = { modelVersion: 'm', responseId: 'i' };
  const text = (value: string) => ({
    candidates: [{ content: { parts: [{ text: value }], role: 'model' }, index: 0 }],
  });
  expect(chunks).toEqual([
    { ...text('a'), ...rest },
    { ...text('b'), ...rest },
    {
      candidates: [{ finishReason: 'MAX_TOKENS', index: 0 }],
      usageMetadata: {
        promptTokenCount: 5,
        cachedContentTokenCount: 2,
        candidatesTokenCount: 4,
        thoughtsTokenCount: 1,
        totalTokenCount: 10,
      },
      ...rest,
    },
  ]);
});

test('calls that overlap are written when each is complete, also where nothing said that they ended', () => {
  const events: ChatEvent[] = [
    { type: 'start', id: 'i', model: 'm' },
    call(0),
    call(1),
    piece(1, '{"b":'),
    piece(0, '{"a":1}'),
    piece(1, '2}'),
    { type: 'part-end', candidate: 0, index: 1 },
    { type: 'stop', candidate: 0, stop: { reason: 'tool-calls' } },
  ];
  const parts = chunksOf(encodeStream(events)).flatMap(({ candidates }) =>
    (candidates as { content?: { parts: unknown[] } }[]).flatMap(({ content }) => content?.parts ?? []),
  );
  expect(parts).toEqual([
    { functionCall: { id: 'id-1', name: 'f', args: { b: 2 } } },
    { functionCall: { id: 'id-0', name: 'f', args: { a: 1 } } },
  ]);
});

test("another's thinking is shown; its signature and its citations are said to be left out", () => {
  const response: ChatResponse = {
    id: 'i',
    model: 'm',
    candidates: [
      {
        index: 0,
        parts: [
          { type: 'reasoning', text: 'hm', signature: 'secret', origin: 'other' },
          { type: 'text', text: 'yes', citations: { dialect: 'other', items: [{}] } },
          { type: 'refusal', text: 'no' },
        ],
        stop: { reason: 'stop' },
      },
    ],
  };
  const context = dropping();
  const text = encodeStream(spread(response).slice(0, -1), context);
  expect(text).not.toContain('secret');
  expect(context.notes).toEqual(['candidates.0.content.0', 'candidates.0.content.1.citations']);
  expect(collect(decodeStream(text)).candidates[0]?.parts).toMatchObject([
    { type: 'reasoning', text: 'hm' },
    { type: 'text', text: 'yesno' },
  ]);
});

describe('an array', () => {
  test('is valid JSON whatever was written, also without content', () => {
    expect(JSON.parse(encodeStream([], dropping(), array))).toEqual([]);
    const started: ChatEvent[] = [{ type: 'start', id: 'i', model: 'm' }];
    expect(JSON.parse(encodeStream(started, dropping(), array))).toEqual([{ modelVersion: 'm', responseId: 'i' }]);
  });

  test('that fails ends with the error as its last element', () => {
    const encoder = array.encoder(dropping());
    const begun = [{ type: 'start', id: 'i', model: 'm' } as const, call(0)]
      .map((event) => encoder.push(event))
      .join('');
    const error = { code: 'GW_UPSTREAM_CUT', status: 502, message: 'cut', details: {} };
    const list = JSON.parse(begun + array.encodeError(error as never, 'req-1').toString()) as unknown[];
    expect(list.at(-1)).toMatchObject({ error: { code: 502, message: 'cut', status: 'UNAVAILABLE' } });
  });
});
