/** Requests are read field by field, and what is wrong in them is named by its place. */
import type { ChatRequest, JsonObject } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { codec, complete } from './wire.test.kit.ts';

const BODY = { model: 'claude', max_tokens: 10, messages: [] };

const read = (fields: JsonObject): ChatRequest => codec.decodeRequest({ ...BODY, ...fields }, { headers: {} });

test('settings have their neutral names', () => {
  const request = read({
    max_tokens: 99,
    temperature: 0.5,
    top_p: 0.9,
    top_k: 40,
    stop_sequences: ['END'],
    stream: true,
    metadata: { user_id: 'ada' },
    service_tier: 'standard_only',
    cache_control: { type: 'ephemeral', ttl: '1h' },
  });
  expect(request).toMatchObject({
    model: 'claude',
    maxOutput: 99,
    temperature: 0.5,
    topP: 0.9,
    topK: 40,
    stop: ['END'],
    stream: true,
    streamUsage: true,
    endUser: 'ada',
    serviceTier: 'standard_only',
    cache: { ttl: '1h' },
  });
  expect(request.metadata).toBeUndefined();
});

test('a request that is not streamed does not ask for usage in a stream', () => {
  expect(read({ stream: false })).not.toHaveProperty('streamUsage');
});

test('what only this dialect knows is kept beside, and foreign codecs can tell it from hints', () => {
  const request = read({ container: 'c1', context_management: null, stream: false, metadata: { team: 'a' } });
  expect(request.rest).toEqual({
    dialect: 'anthropic-messages',
    fields: {
      container: 'c1',
      metadata: { team: 'a' },
      $metadata: {},
      $null: ['context_management'],
      $stream: false,
    },
  });
});

test('a field of the client that looks like a hint is none', () => {
  const body = { ...BODY, stream: true, $stream: false, $null: ['model'] };
  const request = codec.decodeRequest(body, { headers: {} });
  expect(Object.keys(request.rest?.fields ?? {})).toEqual(['$extra']);
  expect(codec.encodeRequest(request, complete('claude'))).toEqual(body);
});

const block = (value: unknown): JsonObject => ({
  messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, value] }],
});

describe('what is wrong is named by its place', () => {
  test.each<[string, JsonObject, string]>([
    ['no model', { model: undefined }, 'model'],
    ['a model that is no string', { model: 7 }, 'model'],
    ['no limit', { max_tokens: undefined }, 'max_tokens'],
    ['a limit with a fraction', { max_tokens: 1.5 }, 'max_tokens'],
    ['a negative limit', { max_tokens: -1 }, 'max_tokens'],
    ['no messages', { messages: undefined }, 'messages'],
    ['messages that are no list', { messages: 'hello' }, 'messages'],
    ['a message that is no object', { messages: ['hello'] }, 'messages.0'],
    ['an unknown role', { messages: [{ role: 'tool', content: 'a' }] }, 'messages.0.role'],
    ['a message without content', { messages: [{ role: 'user' }] }, 'messages.0.content'],
    [
      'content that is a number',
      {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 1 },
        ],
      },
      'messages.1.content',
    ],
    ['a block that is no object', block('text'), 'messages.0.content.1'],
    ['a block without a type', block({ text: 'a' }), 'messages.0.content.1.type'],
    ['text that is none', block({ type: 'text' }), 'messages.0.content.1.text'],
    ['an image without a source', block({ type: 'image' }), 'messages.0.content.1.source'],
    [
      'an image without data',
      block({ type: 'image', source: { type: 'base64', media_type: 'image/png' } }),
      'messages.0.content.1.source.data',
    ],
    ['a call without an id', block({ type: 'tool_use', name: 'a', input: {} }), 'messages.0.content.1.id'],
    [
      'a call whose input is text',
      block({ type: 'tool_use', id: 'a', name: 'a', input: '{}' }),
      'messages.0.content.1.input',
    ],
    ['a result without an id', block({ type: 'tool_result' }), 'messages.0.content.1.tool_use_id'],
    [
      'a broken block in a result',
      block({ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 1 }] }),
      'messages.0.content.1.content.0.text',
    ],
    [
      'an error that is text',
      block({ type: 'tool_result', tool_use_id: 'a', is_error: 'yes' }),
      'messages.0.content.1.is_error',
    ],
    ['thinking without text', block({ type: 'thinking', signature: 'x' }), 'messages.0.content.1.thinking'],
    ['redacted thinking without data', block({ type: 'redacted_thinking' }), 'messages.0.content.1.data'],
    ['a system prompt that is a number', { system: 1 }, 'system'],
    ['a system block without text', { system: [{ type: 'text' }] }, 'system.0.text'],
    ['tools that are no list', { tools: {} }, 'tools'],
    ['a tool without a name', { tools: [{ input_schema: {} }] }, 'tools.0.name'],
    ['a tool without a schema', { tools: [{ name: 'a' }] }, 'tools.0.input_schema'],
    ['a choice that is text', { tool_choice: 'auto' }, 'tool_choice'],
    ['a choice of no tool', { tool_choice: { type: 'tool' } }, 'tool_choice.name'],
    ['temperature as text', { temperature: '1' }, 'temperature'],
    ['stop sequences as text', { stop_sequences: 'END' }, 'stop_sequences'],
    ['a stop sequence that is none', { stop_sequences: ['END', 1] }, 'stop_sequences.1'],
    ['stream as text', { stream: 'true' }, 'stream'],
    ['thinking as a flag', { thinking: true }, 'thinking'],
    ['thinking without a type', { thinking: {} }, 'thinking.type'],
    ['a budget as text', { thinking: { type: 'enabled', budget_tokens: '1024' } }, 'thinking.budget_tokens'],
    [
      'a format without a schema',
      { output_config: { format: { type: 'json_schema' } } },
      'output_config.format.schema',
    ],
    ['metadata as text', { metadata: 'ada' }, 'metadata'],
    ['a user id as a number', { metadata: { user_id: 7 } }, 'metadata.user_id'],
  ])('%s', (_what, fields, param) => {
    const call = (): unknown => read(fields);
    expect(call).toThrow(expect.objectContaining({ code: 'GW_BAD_REQUEST', status: 400, details: { param } }));
    expect(call).toThrow(new RegExp(`^${param.replaceAll('.', '\\.')}: (?:is missing; it )?must be `));
  });
});

test('unknown blocks, tools, formats and settings are taken as they are', () => {
  const body = {
    ...BODY,
    messages: [{ role: 'user', content: [{ type: 'hologram', beam: 1 }], mood: 'good' }],
    tools: [{ type: 'teleport_20300101', name: 'go' }],
    thinking: { type: 'between_tools' },
    output_config: { format: { type: 'grammar' } },
    future: { a: 1 },
  };
  const request = codec.decodeRequest(body, { headers: {} });
  expect(request.messages[0]?.parts[0]).toEqual({
    type: 'opaque',
    dialect: 'anthropic-messages',
    value: { type: 'hologram', beam: 1 },
  });
  expect(request.tools?.[0]).toMatchObject({ kind: 'opaque', dialect: 'anthropic-messages' });
  expect(request.rest?.fields).toMatchObject({ thinking: { type: 'between_tools' }, future: { a: 1 } });
  expect(codec.encodeRequest(request, complete('claude'))).toEqual(body);
});
