/** Whole answers: what is read, what another dialect's answer becomes, and what is said of the rest. */
import type { ChatResponse, JsonObject } from '@gatewright/core';
import { expect, test } from 'vitest';
import { codec, complete, dropping } from './wire.test.kit.ts';

const MESSAGE: JsonObject = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-5',
  content: [
    { type: 'thinking', thinking: 'hm', signature: 'EqQB' },
    { type: 'text', text: 'Hi', citations: null },
    { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  stop_details: null,
  container: { id: 'c', expires_at: 't' },
  usage: { input_tokens: 3, output_tokens: 4, service_tier: 'standard' },
};

test('an answer, read', () => {
  expect(codec.decodeResponse(MESSAGE)).toMatchObject({
    id: 'msg_1',
    model: 'claude-opus-5',
    serviceTier: 'standard',
    usage: { input: 3, output: 4 },
    candidates: [
      {
        index: 0,
        parts: [
          { type: 'reasoning', text: 'hm', signature: 'EqQB' },
          { type: 'text', text: 'Hi' },
          { type: 'tool-call', id: 'toolu_1', name: 'f', arguments: '{"a":1}' },
        ],
        stop: { reason: 'tool-calls' },
      },
    ],
    rest: { fields: { container: { id: 'c', expires_at: 't' }, $null: ['stop_details'] } },
  });
});

test.each<[string, JsonObject, RegExp]>([
  ['no content', { ...MESSAGE, content: undefined }, /content/],
  ['content that is text', { ...MESSAGE, content: 'Hi' }, /content/],
  ['a block without its text', { ...MESSAGE, content: [{ type: 'text' }] }, /content\.0\.text/],
  ['an id that is a number', { ...MESSAGE, id: 7 }, /id/],
  ['an error', { type: 'error', error: { type: 'api_error', message: 'x' } }, /content/],
])('%s is not the dialect', (_what, body, message) => {
  expect(() => codec.decodeResponse(body)).toThrow(
    expect.objectContaining({ code: 'GW_UPSTREAM_INVALID', retryable: true }),
  );
  expect(() => codec.decodeResponse(body)).toThrow(message);
});

const FOREIGN: ChatResponse = {
  id: 'chatcmpl-1',
  model: 'gpt-x',
  created: 1,
  candidates: [
    {
      index: 0,
      parts: [
        { type: 'reasoning', text: 'hm', origin: 'openai-chat' },
        { type: 'text', text: 'Hi' },
        { type: 'tool-call', id: 'call.1', name: 'f', arguments: '' },
      ],
      stop: { reason: 'tool-calls', raw: { dialect: 'openai-chat', value: 'tool_calls' } },
    },
  ],
};

test("another dialect's answer", () => {
  expect(codec.encodeResponse(FOREIGN, complete('smart'))).toEqual({
    id: 'chatcmpl-1',
    type: 'message',
    role: 'assistant',
    model: 'smart',
    content: [
      { type: 'thinking', thinking: 'hm', signature: '' },
      { type: 'text', text: 'Hi' },
      { type: 'tool_use', id: 'call_1', name: 'f', input: {} },
    ],
    stop_reason: 'tool_use',
    stop_sequence: null,
    usage: {
      input_tokens: 0,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: 0,
      service_tier: null,
    },
  });
});

test('several answers, log probabilities and fields of another dialect are said', () => {
  const [candidate] = FOREIGN.candidates;
  if (candidate === undefined) throw new Error('FOREIGN has one');
  const rest = { dialect: 'openai-chat', fields: { system_fingerprint: 'fp', $created: 1 } };
  const notes = dropping();
  const first = {
    ...candidate,
    logprobs: { content: [] },
    rest: { dialect: 'openai-chat', fields: { annotations: [] } },
  };
  codec.encodeResponse({ ...FOREIGN, candidates: [first, { ...candidate, index: 1 }], rest }, notes);
  expect(notes.dropped).toEqual(['choices', 'logprobs', 'annotations', 'system_fingerprint']);
});

test("where no other name is to be reported, the provider's stays", () => {
  expect(codec.encodeResponse(FOREIGN, complete(''))['model']).toBe('gpt-x');
});
