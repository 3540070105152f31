/** Streams read into neutral events. */
import { collect, type ChatEvent } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { decodeStream, sse } from './wire.test.kit.ts';

const chunk = (parts: unknown[], more: object = {}) => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
  modelVersion: 'gemini-x',
  responseId: 'r-1',
});
const kinds = (events: readonly ChatEvent[]) =>
  events.map((event) => (event.type === 'part-start' ? `${event.type} ${event.part.type}` : event.type));
const read = (...chunks: unknown[]) => collect(decodeStream(sse(chunks)));

test('text goes on over chunks, thoughts and calls are parts of their own', () => {
  const events = decodeStream(
    sse([
      chunk([{ text: 'hm', thought: true }]),
      chunk([{ text: ' hm', thought: true, thoughtSignature: 's' }]),
      chunk([{ text: 'a' }]),
      chunk([{ text: 'b' }, { functionCall: { name: 'f', args: { x: 1 } } }]),
      chunk([{ text: '' }], { finishReason: 'STOP' }),
    ]),
  );
  expect(kinds(events)).toEqual([
    'start',
    'part-start reasoning',
    'part-delta',
    'part-delta',
    'part-delta',
    'part-end',
    'part-start text',
    'part-delta',
    'part-delta',
    'part-end',
    'part-start tool-call',
    'part-delta',
    'part-end',
    'stop',
  ]);
  const { candidates } = collect(events);
  expect(candidates[0]).toMatchObject({
    parts: [
      { type: 'reasoning', text: 'hm hm', signature: 's', origin: 'gemini-generate' },
      { type: 'text', text: 'ab' },
      { type: 'tool-call', id: 'call_r-1_0', name: 'f', arguments: '{"x":1}' },
    ],
    stop: { reason: 'tool-calls', raw: { value: 'STOP' } },
  });
});

test('parallel calls have ids of their own; an id that was given is kept', () => {
  const call = (id?: string) => ({ functionCall: { name: 'f', args: {}, ...(id === undefined ? {} : { id }) } });
  const { candidates } = read(chunk([call(), call('given'), call()], { finishReason: 'STOP' }));
  expect(candidates[0]?.parts.map((part) => 'id' in part && part.id)).toEqual(['call_r-1_0', 'given', 'call_r-1_1']);
});

test('several candidates', () => {
  const of = (index: number, text: string, finishReason?: string) => ({
    index,
    content: { parts: [{ text }] },
    ...(finishReason === undefined ? {} : { finishReason }),
  });
  const { candidates } = read(
    { candidates: [of(0, 'a'), of(1, 'x')] },
    { candidates: [of(1, 'y', 'MAX_TOKENS')] },
    { candidates: [of(0, 'b', 'STOP')] },
  );
  expect(candidates).toMatchObject([
    { parts: [{ text: 'ab' }], stop: { reason: 'stop' } },
    { parts: [{ text: 'xy' }], stop: { reason: 'length' } },
  ]);
});

test('a blocked prompt is an answer without content', () => {
  const response = read({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3 } });
  expect(response.candidates).toMatchObject([{ parts: [], stop: { reason: 'content-filter' } }]);
  expect(response.usage?.input).toBe(3);
});

test('what stands beside the content comes with the stop, wherever it was', () => {
  const grounded = chunk([{ text: 'a' }], { groundingMetadata: { webSearchQueries: ['q'] } });
  const { candidates } = read(grounded, chunk([], { finishReason: 'STOP', finishMessage: 'done' }));
  expect(candidates[0]?.stop?.rest?.fields).toEqual({
    groundingMetadata: { webSearchQueries: ['q'] },
    $extra: { finishMessage: 'done' },
  });
});

test('log probabilities stand at the text that they are of', () => {
  const logprobsResult = {
    chosenCandidates: [{ token: 'a', tokenId: 7, logProbability: -0.5 }],
    topCandidates: [{ candidates: [{ token: 'a', logProbability: -0.5 }] }],
  };
  const { candidates } = read(chunk([{ text: 'a' }], { logprobsResult, finishReason: 'STOP' }));
  expect(candidates[0]?.logprobs?.content).toEqual([
    { token: 'a', logprob: -0.5, bytes: [97], top_logprobs: [{ token: 'a', logprob: -0.5, bytes: [97] }] },
  ]);
});

describe('arguments in pieces', () => {
  const piece = (functionCall: object, finishReason?: string) =>
    chunk([{ functionCall }], finishReason === undefined ? {} : { finishReason });
  const partial = (jsonPath: string, value: object, more = true) =>
    piece({ partialArgs: [{ jsonPath, ...value }], ...(more ? { willContinue: true } : {}) });

  test('are put together by their paths', () => {
    const { candidates } = read(
      piece({ name: 'f', willContinue: true }),
      partial('$.city', { stringValue: 'Os', willContinue: true }),
      partial('$.city', { stringValue: 'lo' }),
      partial('$.list[1].n', { numberValue: 2 }),
      partial("$['odd key']", { boolValue: true }),
      partial('$.__proto__', { stringValue: 'x' }),
      partial('$.none', { nullValue: 'NULL_VALUE' }),
      piece({}),
      chunk([{ text: 'after' }], { finishReason: 'STOP' }),
    );
    const [call, text] = candidates[0]?.parts ?? [];
    expect(call).toMatchObject({ type: 'tool-call', name: 'f' });
    const args = (call as { arguments: string }).arguments;
    expect(args).toBe('{"city":"Oslo","list":[null,{"n":2}],"odd key":true,"__proto__":"x","none":null}');
    expect(text).toMatchObject({ type: 'text', text: 'after' });
  });

  test('end with the stop, and with the stream', () => {
    const begun = [piece({ name: 'f', willContinue: true }), partial('$.a', { stringValue: 'x' })];
    const stopped = read(...begun, chunk([], { finishReason: 'STOP' }));
    expect(stopped.candidates[0]).toMatchObject({
      parts: [{ arguments: '{"a":"x"}' }],
      stop: { reason: 'tool-calls' },
    });
    expect(read(...begun).candidates[0]).toMatchObject({ parts: [{ arguments: '{"a":"x"}' }] });
  });

  test('with a path that is none are refused', () => {
    expect(() => read(piece({ name: 'f', willContinue: true }), partial('$.a[', { stringValue: 'x' }))).toThrow(
      expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }),
    );
    expect(() => read(piece({ name: 'f', willContinue: true }), partial('$.a[999999999]', { numberValue: 1 }))).toThrow(
      /no path into the arguments/,
    );
  });
});

describe('what is no chunk', () => {
  test('an error, alone or in a list', () => {
    const error = { error: { code: 503, message: 'busy', status: 'UNAVAILABLE' } };
    const event = { type: 'error', status: 503, message: 'busy', errorType: 'UNAVAILABLE' };
    expect(decodeStream(sse([error]))).toEqual([event]);
    expect(decodeStream(sse([[error]]))).toEqual([event]);
  });

  test('JSON that is cut off, or no object', () => {
    expect(() => decodeStream('data: {"candidates": [\n\n')).toThrow(/not JSON/);
    expect(() => decodeStream('data: 7\n\n')).toThrow(/must be an object/);
    expect(() => decodeStream(sse([{ candidates: [{ content: 'x' }] }]))).toThrow(/candidates\[0\].content/);
  });

  test("another dialect's end mark is left out", () => {
    expect(decodeStream('data: [DONE]\n\n')).toEqual([]);
  });
});
