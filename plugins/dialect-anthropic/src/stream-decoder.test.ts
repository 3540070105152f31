/** Streams as the API sends them, and the neutral events that they are. */
import { collect, type ChatEvent, type JsonObject } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { decodeBytes, sse } from './wire.test.kit.ts';

const START = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 10, cache_read_input_tokens: 7, output_tokens: 1 },
  },
};
const block = (index: number, content_block: JsonObject): JsonObject => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, value: JsonObject): JsonObject => ({ type: 'content_block_delta', index, delta: value });
const stop = (index: number): JsonObject => ({ type: 'content_block_stop', index });
const END = [
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 42 } },
  { type: 'message_stop' },
];

const typesOf = (events: readonly ChatEvent[]): string[] => events.map(({ type }) => type);

test('text, from the first byte to the last', () => {
  const text =
    'event: message_start\n' +
    `data: ${JSON.stringify(START)}   \n\n` +
    'event: ping\ndata: {"type": "ping"}\n\n' +
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}  }\n\n' +
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"He"} }\n\n' +
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"llo ☕"}}\n\n' +
    'event: content_block_stop\ndata: {"type":"content_block_stop","index":0 }\n\n' +
    sse(...END);
  const events = decodeBytes(text);
  expect(typesOf(events)).toEqual([
    'start',
    'ping',
    'part-start',
    'part-delta',
    'part-delta',
    'part-end',
    'stop',
    'usage',
    'end',
  ]);
  expect(events[0]).toMatchObject({ id: 'msg_1', model: 'claude', usage: { input: 10, cacheRead: 7, output: 1 } });
  expect(collect(events)).toMatchObject({
    candidates: [{ parts: [{ type: 'text', text: 'Hello ☕' }], stop: { reason: 'stop' } }],
    usage: { input: 10, cacheRead: 7, output: 42 },
  });
});

const parts = (...events: JsonObject[]): unknown =>
  collect(decodeBytes(sse(START, ...events, ...END))).candidates[0]?.parts;

describe('calls', () => {
  const call = (input: JsonObject): JsonObject => block(0, { type: 'tool_use', id: 't', name: 'f', input });
  const json = (partial_json: string): JsonObject => delta(0, { type: 'input_json_delta', partial_json });

  test.each<[string, JsonObject[], string]>([
    ['come in pieces', [call({}), json(''), json('{"a"'), json(': 1}')], '{"a": 1}'],
    ['have no arguments at all', [call({})], '{}'],
    ['have empty pieces only', [call({}), json('')], '{}'],
    ['begin with all they have', [call({ a: 1 })], '{"a":1}'],
    ['begin with what the pieces replace', [call({ a: 1 }), json('{"b":2}')], '{"b":2}'],
  ])('%s', (_what, events, text) => {
    expect(parts(...events, stop(0))).toEqual([{ type: 'tool-call', id: 't', name: 'f', arguments: text }]);
  });
});

test('thinking with its signature', () => {
  const thinking = [
    block(0, { type: 'thinking', thinking: '', signature: '' }),
    delta(0, { type: 'thinking_delta', thinking: 'h', estimated_tokens: 3 }),
    delta(0, { type: 'thinking_delta', thinking: 'm' }),
    delta(0, { type: 'signature_delta', signature: 'EqQB' }),
    stop(0),
    block(1, { type: 'redacted_thinking', data: 'Emw' }),
    stop(1),
  ];
  expect(parts(...thinking)).toEqual([
    { type: 'reasoning', text: 'hm', signature: 'EqQB', origin: 'anthropic-messages' },
    { type: 'reasoning', text: '', redacted: 'Emw', origin: 'anthropic-messages' },
  ]);
});

test('citations', () => {
  const citation = { type: 'char_location', cited_text: 'x' };
  const events = [
    block(0, { type: 'text', text: '', citations: [] }),
    delta(0, { type: 'citations_delta', citation }),
    stop(0),
  ];
  expect(parts(...events)).toMatchObject([{ citations: { dialect: 'anthropic-messages', items: [citation] } }]);
});

describe('blocks that only this dialect has', () => {
  test("a server's tool gets its input when it is whole", () => {
    const tool = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    const json = (partial_json: string): JsonObject => delta(0, { type: 'input_json_delta', partial_json });
    expect(parts(block(0, tool), json('{"query":'), json('"q"}'), stop(0))).toEqual([
      { type: 'opaque', dialect: 'anthropic-messages', value: { ...tool, input: { query: 'q' } } },
    ]);
  });

  test('its input stays as it was where the pieces are no JSON', () => {
    const tool = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    expect(parts(block(0, tool), delta(0, { type: 'input_json_delta', partial_json: '{"q' }), stop(0))).toMatchObject([
      { value: tool },
    ]);
  });

  test('a compaction grows', () => {
    const grow = (content: string, more: JsonObject = {}): JsonObject =>
      delta(0, { type: 'compaction_delta', content, ...more });
    const events = [
      block(0, { type: 'compaction', content: null }),
      grow('a'),
      grow('b', { encrypted_content: 'e' }),
      stop(0),
    ];
    expect(parts(...events)).toMatchObject([{ value: { type: 'compaction', content: 'ab', encrypted_content: 'e' } }]);
  });

  test('deltas that nobody knows are kept', () => {
    const wire = { type: 'mood_delta', mood: 'good' };
    const events = decodeBytes(sse(START, block(0, { type: 'text', text: '' }), delta(0, wire), stop(0), ...END));
    expect(events.find(({ type }) => type === 'part-delta')).toMatchObject({
      delta: { kind: 'opaque', dialect: 'anthropic-messages' },
      rest: { fields: { $wire: wire } },
    });
  });

  test('events that nobody knows are kept', () => {
    const event = { type: 'weather', sun: true };
    expect(decodeBytes(sse(START, event))[1]).toEqual({
      type: 'opaque',
      dialect: 'anthropic-messages',
      event: 'weather',
      value: event,
    });
  });
});

describe('the end', () => {
  test('details of a refusal, and what stands beside the stop', () => {
    const last = {
      type: 'message_delta',
      delta: { stop_reason: 'refusal', stop_sequence: null, stop_details: { type: 'refusal' }, container: { id: 'c' } },
      usage: { output_tokens: 1 },
      context_management: { applied_edits: [] },
    };
    expect(collect(decodeBytes(sse(START, last, { type: 'message_stop' }))).candidates[0]?.stop).toEqual({
      reason: 'refusal',
      raw: { dialect: 'anthropic-messages', value: 'refusal' },
      rest: {
        dialect: 'anthropic-messages',
        fields: {
          stop_details: { type: 'refusal' },
          container: { id: 'c' },
          $event: { context_management: { applied_edits: [] } },
        },
      },
    });
  });

  test('input tokens may be told again, and replace what the start said', () => {
    const last = {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      usage: { input_tokens: 61, output_tokens: 2 },
    };
    expect(collect(decodeBytes(sse(START, last))).usage).toMatchObject({ input: 61, cacheRead: 7, output: 2 });
  });

  test('a whole message in its start has parts, stop and usage', () => {
    const message = {
      ...START.message,
      content: [{ type: 'tool_use', id: 't', name: 'f', input: { a: 1 } }],
      stop_reason: 'tool_use',
    };
    const events = decodeBytes(sse({ type: 'message_start', message }, { type: 'message_stop' }));
    expect(typesOf(events)).toEqual(['start', 'part-start', 'part-delta', 'part-end', 'stop', 'usage', 'end']);
  });

  test('blocks that were left open are closed, but no end is made up', () => {
    const events = decodeBytes(
      sse(START, block(0, { type: 'text', text: '' }), delta(0, { type: 'text_delta', text: 'a' })),
    );
    expect(typesOf(events)).toEqual(['start', 'part-start', 'part-delta', 'part-end']);
  });

  test('an error', () => {
    const error = {
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded', details: { error_code: 'c' } },
    };
    expect(decodeBytes(sse(START, error))[1]).toEqual({
      type: 'error',
      status: 529,
      message: 'Overloaded',
      errorType: 'overloaded_error',
      code: 'c',
    });
    expect(decodeBytes(sse({ type: 'error' }))[0]).toMatchObject({ type: 'error', status: 500 });
  });
});

describe('what proxies do', () => {
  test('no event lines', () => {
    const text = sse(START, block(0, { type: 'text', text: 'a' }), stop(0), ...END);
    expect(decodeBytes(text.replace(/^event: .*\n/gm, ''))).toEqual(decodeBytes(text));
  });

  test('an end mark of another dialect, or an empty event', () => {
    expect(decodeBytes('data: [DONE]\n\ndata:\n\n')).toEqual([]);
  });

  test('the start twice', () => {
    const once = decodeBytes(sse(START, ...END));
    expect(decodeBytes(sse(START, START, ...END))).toEqual(once);
  });

  test('another answer spliced into the first: an error, and nothing more', () => {
    const second = { ...START, message: { ...START.message, id: 'msg_2' } };
    expect(() => decodeBytes(sse(START, block(0, { type: 'text', text: '' }), second))).toThrow(
      expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }),
    );
  });
});

test.each([
  ['an event that is not JSON', 'data: {"type":"ping"\n\n', /not JSON/],
  ['an event that is no object', 'data: [1]\n\n', /must be an object/],
  ['an event without a type', 'data: {"a":1}\n\n', /type: is missing/],
  ['a start without its message', sse({ type: 'message_start' }), /message: is missing/],
  ['a block before the message', sse(block(0, { type: 'text', text: '' })), /content_block: began before the message/],
  [
    'a delta of a block that has not begun',
    sse(START, delta(3, { type: 'text_delta', text: 'a' })),
    /block 3 has not begun/,
  ],
  [
    'a delta without its text',
    sse(START, block(0, { type: 'text', text: '' }), delta(0, { type: 'text_delta' })),
    /delta\.text/,
  ],
  ['a block without an index', sse(START, { type: 'content_block_start', content_block: {} }), /index/],
])('%s is not the dialect', (_what, text, message) => {
  expect(() => decodeBytes(text)).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
  expect(() => decodeBytes(text)).toThrow(message);
});
