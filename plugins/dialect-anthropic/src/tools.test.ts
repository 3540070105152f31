/** Tools, which of them must be called, and whether several at once. */
import type { ChatRequest, FunctionTool, JsonObject } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { codec, complete, dropping } from './wire.test.kit.ts';

const read = (fields: JsonObject): ChatRequest =>
  codec.decodeRequest({ model: 'm', max_tokens: 1, messages: [], ...fields }, { headers: {} });
const write = (fields: Partial<ChatRequest>): JsonObject =>
  codec.encodeRequest({ model: 'm', stream: false, messages: [], ...fields }, complete('m'));

const f: FunctionTool = { kind: 'function', name: 'f' };

test("a tool of the client's, read", () => {
  const input_schema = { type: 'object', properties: { a: { type: 'string' } } };
  const tool = {
    name: 'f',
    description: 'd',
    input_schema,
    strict: true,
    cache_control: { type: 'ephemeral' },
    defer_loading: true,
  };
  expect(read({ tools: [tool] }).tools).toEqual([
    {
      kind: 'function',
      name: 'f',
      description: 'd',
      parameters: input_schema,
      strict: true,
      cache: {},
      rest: { dialect: 'anthropic-messages', fields: { defer_loading: true } },
    },
  ]);
});

test('a type, when arguments are streamed, and what is so anyway mean nothing to another dialect', () => {
  const usual = { allowed_callers: ['direct'], defer_loading: false };
  const tool = { type: 'custom', name: 'f', input_schema: {}, eager_input_streaming: true, ...usual };
  const [read1] = read({ tools: [tool] }).tools as [FunctionTool];
  expect(Object.keys(read1.rest?.fields ?? {})).toEqual(['$extra']);
  const other = { ...tool, allowed_callers: ['code_execution_20260120'] };
  const [read2] = read({ tools: [other] }).tools as [FunctionTool];
  expect(Object.keys(read2.rest?.fields ?? {})).toEqual(['allowed_callers', '$extra']);
});

test('a schema is always one of an object', () => {
  const parameters = { properties: { a: {} } };
  expect(write({ tools: [f, { ...f, parameters }, { ...f, strict: true, cache: { ttl: '1h' } }] })['tools']).toEqual([
    { name: 'f', input_schema: { type: 'object', properties: {} } },
    { name: 'f', input_schema: { type: 'object', properties: { a: {} } } },
    {
      name: 'f',
      input_schema: { type: 'object', properties: {} },
      strict: true,
      cache_control: { type: 'ephemeral', ttl: '1h' },
    },
  ]);
});

test('tools of servers, and of another dialect', () => {
  const own = {
    kind: 'opaque' as const,
    dialect: 'anthropic-messages',
    value: { type: 'web_search_20260318', name: 'web_search' },
  };
  const foreign = { kind: 'opaque' as const, dialect: 'openai-chat', value: { type: 'custom' } };
  const notes = dropping();
  const body = codec.encodeRequest({ model: 'm', stream: false, messages: [], tools: [own, foreign, f] }, notes);
  expect(body['tools']).toMatchObject([own.value, { name: 'f' }]);
  expect(notes.dropped).toEqual(['tools.1']);
});

describe('tool_choice', () => {
  test.each<[JsonObject, Partial<ChatRequest>]>([
    [{ type: 'auto' }, { toolChoice: { kind: 'auto' } }],
    [{ type: 'any' }, { toolChoice: { kind: 'required' } }],
    [{ type: 'none' }, { toolChoice: { kind: 'none' } }],
    [{ type: 'tool', name: 'f' }, { toolChoice: { kind: 'tool', name: 'f' } }],
    [
      { type: 'auto', disable_parallel_tool_use: true },
      { toolChoice: { kind: 'auto' }, parallelTools: false },
    ],
  ])('%j both ways', (wire, neutral) => {
    expect(read({ tool_choice: wire })).toMatchObject(neutral);
    expect(write({ ...neutral, tools: [f] })['tool_choice']).toEqual(wire);
  });

  test('one call at a time needs a choice to stand in, several need none', () => {
    const single = { type: 'auto', disable_parallel_tool_use: true };
    expect(write({ tools: [f], parallelTools: false })['tool_choice']).toEqual(single);
    expect(write({ tools: [f], parallelTools: true })).not.toHaveProperty('tool_choice');
    expect(write({ tools: [f], parallelTools: true, toolChoice: { kind: 'required' } })['tool_choice']).toEqual({
      type: 'any',
    });
  });

  test('where no tool may be called, none is called at once', () => {
    expect(write({ tools: [f], parallelTools: false, toolChoice: { kind: 'none' } })['tool_choice']).toEqual({
      type: 'none',
    });
  });

  test('without tools there is nothing to choose', () => {
    expect(write({ toolChoice: { kind: 'auto' }, parallelTools: false })).not.toHaveProperty('tool_choice');
  });

  test('a choice of another dialect is said', () => {
    const notes = dropping();
    const toolChoice = { kind: 'opaque' as const, dialect: 'openai-chat', value: { type: 'allowed_tools' } };
    const body = codec.encodeRequest({ model: 'm', stream: false, messages: [], tools: [f], toolChoice }, notes);
    expect([body['tool_choice'], notes.dropped]).toEqual([undefined, ['tool_choice']]);
  });
});
