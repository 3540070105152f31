/** Answers of other dialects, written for a client of this one. */
import { describe, expect, test } from 'vitest';
import {
  NO_USAGE,
  type Candidate,
  type ChatResponse,
  type JsonObject,
  type Part,
  type StopReason,
} from '@gatewright/core';
import * as spec from './spec.test.kit.ts';
import { codec, dropping, json } from './wire.test.kit.ts';

const response = (
  parts: readonly Part[],
  candidate: Partial<Candidate> = {},
  more: Partial<ChatResponse> = {},
): ChatResponse => ({
  id: 'msg_1',
  model: 'claude',
  candidates: [{ index: 0, parts, stop: { reason: 'stop' }, ...candidate }],
  ...more,
});

function written(value: ChatResponse, context = dropping()): JsonObject {
  const body = json(codec.encodeResponse(value, context)) as JsonObject;
  if (spec.found) expect(spec.violations('CreateChatCompletionResponse', body)).toEqual([]);
  return body;
}

const choice = (parts: readonly Part[], candidate: Partial<Candidate> = {}, context = dropping()) =>
  (written(response(parts, candidate), context)['choices'] as JsonObject[])[0];
const message = (parts: readonly Part[], context = dropping()) => choice(parts, {}, context)?.['message'];

test('a text', () => {
  expect(written(response([{ type: 'text', text: 'Hi' }]), dropping('smart'))).toEqual({
    id: 'msg_1',
    object: 'chat.completion',
    created: 0,
    model: 'smart',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'Hi', refusal: null }, logprobs: null, finish_reason: 'stop' },
    ],
  });
});

test('several texts are one, with nothing between them', () => {
  expect(
    message([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]),
  ).toMatchObject({ content: 'ab' });
});

test('reasoning is reasoning_content; signatures and what is encrypted have no place, and that is said', () => {
  const context = dropping();
  const parts: Part[] = [
    { type: 'reasoning', text: 'Hm', signature: 's', origin: 'acme' },
    { type: 'reasoning', text: '', redacted: 'x', origin: 'acme' },
    { type: 'text', text: 'Hi' },
  ];
  expect(message(parts, context)).toEqual({ role: 'assistant', content: 'Hi', refusal: null, reasoning_content: 'Hm' });
  expect(new Set(context.warned)).toEqual(new Set(['reasoning']));
});

test('calls', () => {
  const parts: Part[] = [
    { type: 'tool-call', id: 'a', name: 'f', arguments: '{"x":1}' },
    { type: 'tool-call', id: 'b', name: 'g', arguments: '' },
  ];
  expect(choice(parts, { stop: { reason: 'tool-calls' } })).toMatchObject({
    message: {
      content: null,
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
        { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
      ],
    },
    finish_reason: 'tool_calls',
  });
});

test('what has no place is dropped or warned of', () => {
  const context = dropping();
  const parts: Part[] = [
    { type: 'image', source: { kind: 'url', url: 'https://a.example' } },
    { type: 'opaque', dialect: 'acme', value: { type: 'server_tool_use' } },
    {
      type: 'text',
      text: 'Hi',
      citations: { dialect: 'acme', items: [{}] },
      rest: { dialect: 'acme', fields: { x: 1 } },
    },
  ];
  expect(message(parts, context)).toEqual({ role: 'assistant', content: 'Hi', refusal: null });
  expect(context.dropped).toEqual([
    'choices[0].message.content[0]',
    'choices[0].message.content[1]',
    'choices[0].message.content[2].x',
  ]);
  expect(context.warned).toEqual(['citations']);
});

test('fields that only the other dialect has are said', () => {
  const context = dropping();
  const rest = { dialect: 'acme', fields: { container: {}, $note: 1 } };
  written(response([], { rest }, { rest }), context);
  expect(context.dropped).toEqual(['container', 'choices[0].container']);
  const stopped = dropping();
  const stop = { reason: 'refusal' as const, rest: { dialect: 'acme', fields: { stop_details: {}, $note: 1 } } };
  written(response([], { stop }), stopped);
  expect(stopped.dropped).toEqual(['choices[0].stop_details']);
});

test.each<[StopReason, string]>([
  ['stop', 'stop'],
  ['stop-sequence', 'stop'],
  ['length', 'length'],
  ['context-length', 'length'],
  ['tool-calls', 'tool_calls'],
  ['content-filter', 'content_filter'],
  ['refusal', 'content_filter'],
  ['pause', 'length'],
  ['other', 'stop'],
])('the stop %s is %s', (reason, word) => {
  expect(choice([], { stop: { reason, raw: { dialect: 'acme', value: 'x' } } })).toMatchObject({ finish_reason: word });
});

describe('the head', () => {
  test.each([
    ['standard', 'default'],
    ['priority', 'priority'],
    ['batch', undefined],
  ])('the tier %s is %s', (serviceTier, tier) => {
    expect(written(response([], {}, { serviceTier }))['service_tier']).toBe(tier);
  });

  test('usage as the API counts it', () => {
    const usage = {
      ...NO_USAGE,
      input: 1,
      cacheRead: 2,
      cacheWrite5m: 3,
      cacheWrite1h: 4,
      audioInput: 5,
      imageInput: 6,
      output: 7,
      reasoning: 8,
      audioOutput: 9,
    };
    expect(written(response([], {}, { usage }))['usage']).toEqual({
      prompt_tokens: 21,
      completion_tokens: 24,
      total_tokens: 45,
      prompt_tokens_details: { cached_tokens: 2, audio_tokens: 5, cache_write_tokens: 7, image_tokens: 6 },
      completion_tokens_details: { reasoning_tokens: 8, audio_tokens: 9 },
    });
  });

  test('when it was made, where that is known', () => {
    expect(written(response([], {}, { created: 7 }))['created']).toBe(7);
  });
});
