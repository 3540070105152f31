/** Whole answers, read and written. */
import type { ChatResponse, JsonObject } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { generateCodec as codec } from './codec.ts';
import { dropping, strict } from './wire.test.kit.ts';

const answer = (candidate: object, more: object = {}): JsonObject => ({
  candidates: [{ content: { parts: [{ text: 'hi' }], role: 'model' }, index: 0, ...candidate }],
  usageMetadata: { promptTokenCount: 1 },
  modelVersion: 'm',
  responseId: 'r',
  ...more,
});

describe('an answer is written as it was read', () => {
  test.each([
    ['plain', answer({ finishReason: 'STOP' })],
    [
      'with what stands beside',
      answer(
        {
          finishReason: 'STOP',
          avgLogprobs: -0.1,
          safetyRatings: [{ category: 'A' }],
          citationMetadata: { citationSources: [] },
          groundingMetadata: {},
          finishMessage: 'x',
          $odd: 1,
        },
        { createTime: '2026-05-04T20:01:02.264968Z', promptFeedback: { safetyRatings: [] }, modelStatus: {} },
      ),
    ],
    ['that was cut before it began', answer({ content: undefined, finishReason: 'SAFETY' })],
    [
      'with an odd content',
      answer({ content: { role: 'assistant', more: 1 }, finishReason: 'MALFORMED_FUNCTION_CALL' }),
    ],
    ['without parts and role', answer({ content: {}, index: undefined, finishReason: 'STOP' })],
    [
      'with log probabilities',
      answer({
        finishReason: 'STOP',
        logprobsResult: { chosenCandidates: [{ token: 'a', tokenId: 5, logProbability: -1 }] },
      }),
    ],
    [
      'of a blocked prompt',
      {
        promptFeedback: { blockReason: 'SAFETY', safetyRatings: [] },
        usageMetadata: {},
        modelVersion: 'm',
        responseId: 'r',
      },
    ],
    ['without anything', { usageMetadata: { promptTokenCount: 1 } }],
  ])('%s', (_what, json) => {
    const body = JSON.parse(JSON.stringify(json)) as JsonObject;
    expect(codec.encodeResponse(codec.decodeResponse(body), strict())).toEqual(body);
  });
});

test.each([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
  ['LANGUAGE', 'other'],
  ['OTHER', 'other'],
  ['MALFORMED_FUNCTION_CALL', 'other'],
  ['TOO_MANY_TOOL_CALLS', 'other'],
  ['SOMETHING_NEW', 'other'],
])('%s is the stop %s', (finishReason, reason) => {
  const { stop } = codec.decodeResponse(answer({ finishReason })).candidates[0] ?? {};
  expect(stop).toEqual({ reason, raw: { dialect: 'gemini-generate', value: finishReason } });
});

test('a normal stop with calls is one for calls', () => {
  const content = { parts: [{ functionCall: { name: 'f' } }] };
  const { stop, parts } = codec.decodeResponse(answer({ content, finishReason: 'STOP' })).candidates[0] ?? {};
  expect(stop?.reason).toBe('tool-calls');
  expect(parts).toMatchObject([{ id: 'call_r_0', arguments: '{}' }]);
});

test("another dialect's answer", () => {
  const response: ChatResponse = {
    id: 'i',
    model: 'real',
    candidates: [
      {
        index: 0,
        parts: [
          { type: 'reasoning', text: 'hm', origin: 'other', signature: 's' },
          { type: 'text', text: 'hi' },
          { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":1}' },
          { type: 'tool-call', id: 'd', name: 'g', arguments: 'no JSON' },
        ],
        stop: { reason: 'tool-calls', raw: { dialect: 'other', value: 'tool_use' } },
        logprobs: { content: [{ token: 'hi', logprob: -1, top_logprobs: [] }] },
      },
    ],
  };
  const context = dropping('shown');
  expect(codec.encodeResponse(response, context)).toEqual({
    candidates: [
      {
        content: {
          parts: [
            { text: 'hm', thought: true },
            { text: 'hi' },
            { functionCall: { id: 'c', name: 'f', args: { a: 1 } } },
            { functionCall: { id: 'd', name: 'g', args: { INVALID_JSON: 'no JSON' } } },
          ],
          role: 'model',
        },
        finishReason: 'STOP',
        index: 0,
        logprobsResult: { chosenCandidates: [{ token: 'hi', logProbability: -1 }] },
      },
    ],
    modelVersion: 'shown',
    responseId: 'i',
  });
  expect(context.notes).toEqual(['candidates.0.content.0', 'candidates.0.content.3.arguments']);
});

test.each([
  [{}, 'candidates'],
  [{ candidates: 'x' }, 'candidates'],
  [{ candidates: [7] }, 'candidates[0]'],
  [{ candidates: [{ content: { parts: [{ text: 7 }] } }] }, 'candidates[0].content.parts[0].text'],
])('%j is no answer', (body, where) => {
  expect(() => codec.decodeResponse(body as JsonObject)).toThrow(
    expect.objectContaining({ code: 'GW_UPSTREAM_INVALID', message: expect.stringContaining(where) }),
  );
});

describe('by its outline', () => {
  const outline = (value: unknown) => outlineOf(Buffer.from(JSON.stringify(value)));

  test('an error inside a success is seen', () => {
    const body = outline({ error: { code: 500, message: 'm', status: 'INTERNAL' } });
    expect(codec.summarize(body)).toEqual({ error: { status: 500, message: 'm', type: 'INTERNAL' } });
  });

  test('a blocked prompt has its stop', () => {
    expect(codec.summarize(outline({ promptFeedback: { blockReason: 'OTHER' } })).stop?.reason).toBe('content-filter');
  });

  test('another model is reported', () => {
    const body = outline(answer({}));
    const [edit] = codec.editResponse(body, { model: 'shown' });
    expect(edit?.text).toBe('"shown"');
    expect(body.bytes.toString('utf8', edit?.start, edit?.end)).toBe('"m"');
    expect(codec.editResponse(body, { model: 'm' })).toEqual([]);
  });

  test('a request is only changed where it names a model', () => {
    expect(codec.editRequest(outline({ contents: [] }), { model: 'm', usage: true })).toEqual({
      edits: [],
      usageInjected: false,
    });
    const { edits } = codec.editRequest(outline({ model: 'models/a' }), { model: 'm', usage: true });
    expect(edits.map(({ text }) => text)).toEqual(['"models/m"']);
    expect(codec.readHead(outline({ model: 'models/a' }))).toEqual({ model: 'a', stream: false });
    expect(codec.readHead(outline({}))).toEqual({ stream: false });
  });
});
