/** What is seen of a stream that passes by. */
import { Sight, type JsonObject } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { observe, sse, stream } from './wire.test.kit.ts';

const { NOTHING, CONTENT, STOP, ERROR, END, REPLACE, MALFORMED, PING } = Sight;

const start = (message: JsonObject = {}): JsonObject => ({
  type: 'message_start',
  message: {
    id: 'msg_1',
    model: 'claude-x',
    content: [],
    stop_reason: null,
    usage: { input_tokens: 9, output_tokens: 1 },
    ...message,
  },
});
const block = (content_block: JsonObject): JsonObject => ({ type: 'content_block_start', index: 0, content_block });
const delta = (value: JsonObject): JsonObject => ({ type: 'content_block_delta', index: 0, delta: value });
const stop = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 30 } };

test('a stream from start to end', () => {
  const text = sse(
    start(),
    { type: 'ping' },
    block({ type: 'text', text: '' }),
    delta({ type: 'text_delta', text: '' }),
    delta({ type: 'text_delta', text: 'a' }),
    delta({ type: 'text_delta', text: 'b' }),
    { type: 'content_block_stop', index: 0 },
    stop,
    { type: 'message_stop' },
  );
  const seen = observe(text);
  expect(seen.sights).toEqual([NOTHING, PING, NOTHING, NOTHING, CONTENT, NOTHING, NOTHING, STOP, END]);
  expect(seen.summary).toEqual({
    id: 'msg_1',
    model: 'claude-x',
    usage: expect.objectContaining({ input: 9, output: 30 }) as unknown,
    stop: { reason: 'stop', raw: { dialect: 'anthropic-messages', value: 'end_turn' } },
  });
  expect(observe(text.replace(/^event: .*\n/gm, '')).sights).toEqual(seen.sights);
});

describe('content begins with', () => {
  test.each<[string, JsonObject, number]>([
    ['text', delta({ type: 'text_delta', text: 'a' }), CONTENT],
    ['thinking', delta({ type: 'thinking_delta', thinking: 'a' }), CONTENT],
    ['a signature alone, where thinking is not shown', delta({ type: 'signature_delta', signature: 'a' }), CONTENT],
    ['a call', block({ type: 'tool_use', id: 't', name: 'f', input: {} }), CONTENT],
    ["a server's tool", block({ type: 'server_tool_use', id: 's', name: 'f', input: {} }), CONTENT],
    ['redacted thinking', block({ type: 'redacted_thinking', data: 'x' }), CONTENT],
    ['a block that nobody knows', block({ type: 'hologram' }), CONTENT],
    ['text that stands in its start', block({ type: 'text', text: 'a' }), CONTENT],
    ['no empty text', block({ type: 'text', text: '' }), NOTHING],
    ['no empty thinking', block({ type: 'thinking', thinking: '', signature: '' }), NOTHING],
    ['no empty compaction', block({ type: 'compaction', content: null }), NOTHING],
    ['no empty delta', delta({ type: 'input_json_delta', partial_json: '' }), NOTHING],
  ])('%s', (_what, event, sight) => {
    expect(observe(sse(start(), event)).sights[1]).toBe(sight);
  });

  test('a whole message in its start', () => {
    const whole = start({ content: [{ type: 'tool_use' }], stop_reason: 'tool_use' });
    expect(observe(sse(whole)).sights).toEqual([CONTENT | STOP]);
  });
});

test('an error has the status that it would have had', () => {
  const seen = observe(sse(start(), { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } }));
  expect(seen.sights[1]).toBe(ERROR);
  expect(seen.summary.error).toEqual({ status: 429, type: 'rate_limit_error', message: 'slow down' });
  expect(observe(sse({ type: 'error' })).summary.error?.status).toBe(500);
});

test('a message_delta without a reason is no stop, but tells usage', () => {
  const seen = observe(
    sse(start(), { type: 'message_delta', delta: { stop_reason: null }, usage: { output_tokens: 4 } }),
  );
  expect(seen.sights[1]).toBe(NOTHING);
  expect(seen.summary).toMatchObject({ usage: { output: 4 } });
  expect(seen.summary.stop).toBeUndefined();
});

test('another name for the model', () => {
  const event = start({ content: [{ type: 'fallback', from: { model: 'claude-x' } }] });
  const seen = observe(sse(event), [], 'smart');
  expect(seen.sights[0]).toBe(CONTENT | REPLACE);
  expect(JSON.parse(seen.replacements[0] as string)).toEqual(
    start({ content: [{ type: 'fallback', from: { model: 'claude-x' } }], model: 'smart' }),
  );
  expect(seen.summary.model).toBe('claude-x');
  expect(observe(sse(start()), [], 'claude-x').sights[0]).toBe(NOTHING);
});

describe('what proxies do', () => {
  test('the start twice: the second is left out', () => {
    expect(observe(sse(start(), start(), stop)).sights).toEqual([NOTHING, MALFORMED, STOP]);
  });

  test('another answer in the middle of the first: an error', () => {
    const seen = observe(sse(start(), block({ type: 'text', text: '' }), start({ id: 'msg_2' })));
    expect(seen.sights[2]).toBe(ERROR);
    expect(seen.summary).toMatchObject({ id: 'msg_1', error: { status: 502 } });
  });

  test("another dialect's end mark", () => {
    expect(observe('data: [DONE]\n\n').sights).toEqual([NOTHING]);
  });
});

describe('broken JSON', () => {
  test.each([
    ['event: message_start\ndata: {"type":"message_start"\n\n'],
    ['event: message_start\ndata: {"type":"message_start"}\n\n'],
    ['event: message_delta\ndata: oops\n\n'],
    ['event: error\ndata: [1]\n\n'],
    ['event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"text":"a\n\n'],
    ['data: oops\n\n'],
    ['data: {"type":"content_block_delta"\n\n'],
  ])('%j', (text) => {
    expect(observe(text).sights).toEqual([MALFORMED]);
  });

  test('is seen after the content has begun, where it was cut off', () => {
    const begun = sse(start(), delta({ type: 'text_delta', text: 'a' }));
    const cut = 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"te  \n\n';
    expect(observe(begun + cut).sights.at(-1)).toBe(MALFORMED);
    const padded = 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{}}  \n\n';
    expect(observe(begun + padded).sights.at(-1)).toBe(NOTHING);
  });

  test('an event without a type is passed on', () => {
    expect(observe('data: {"a":1}\n\n').sights).toEqual([NOTHING]);
  });
});

test('once there is content, deltas are not parsed', () => {
  const observer = stream.observer({ dropUsage: false });
  const json = '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}';
  let parsed = 0;
  const frame: Frame = {
    event: 'content_block_delta',
    ascii: json,
    replacement: '',
    text: () => json,
    json: () => {
      parsed++;
      return JSON.parse(json) as unknown;
    },
  };
  expect([observer.see(frame), observer.see(frame), observer.see(frame)]).toEqual([CONTENT, NOTHING, NOTHING]);
  expect(parsed).toBe(1);
});

test('the summary is the same object until something changes', () => {
  const observer = stream.observer({ dropUsage: false });
  const { summary } = observer;
  expect(observer.summary).toBe(summary);
});
