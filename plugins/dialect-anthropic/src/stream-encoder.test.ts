/** Neutral events as frames: byte for byte where it counts, one block after the other, the end held back. */
import { NO_USAGE, type ChatEvent, type Delta, type Part, type StartEvent } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { complete, dropping, encodeEvents, framesOf, stream } from './wire.test.kit.ts';

const START: StartEvent = { type: 'start', id: 'chatcmpl-1', model: 'gpt-x' };
const STOP: ChatEvent = { type: 'stop', candidate: 0, stop: { reason: 'stop' } };
const begin = (index: number, part: Part): ChatEvent => ({ type: 'part-start', candidate: 0, index, part });
const more = (index: number, delta: Delta): ChatEvent => ({ type: 'part-delta', candidate: 0, index, delta });
const finish = (index: number): ChatEvent => ({ type: 'part-end', candidate: 0, index });
const say = (index: number, text: string): ChatEvent => more(index, { kind: 'text', text });
const call = (index: number, text: string): ChatEvent => more(index, { kind: 'arguments', text });

test("another dialect's text, byte for byte", () => {
  const events: ChatEvent[] = [
    START,
    { type: 'ping' },
    begin(0, { type: 'text', text: '' }),
    say(0, ''),
    say(0, 'Hi "☕"\n'),
    finish(0),
    STOP,
    { type: 'usage', usage: { ...NO_USAGE, input: 3, output: 2 } },
    { type: 'end' },
  ];
  expect(encodeEvents(events, complete('smart'))).toBe(
    'event: message_start\n' +
      'data: {"type":"message_start","message":{"id":"chatcmpl-1","type":"message","role":"assistant","model":"smart","content":[],' +
      '"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,' +
      '"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":0,"service_tier":null}}}\n\n' +
      'event: ping\ndata: {"type":"ping"}\n\n' +
      'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n' +
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi \\"☕\\"\\n"}}\n\n' +
      'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n' +
      'event: message_delta\n' +
      'data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},' +
      '"usage":{"input_tokens":3,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":2}}\n\n' +
      'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  );
});

/** Each frame in a few words: its kind, its index, and what is in it. */
const brief = (text: string): string[] =>
  framesOf(text).map(({ type, index, content_block: block, delta }) => {
    const inner = (block ?? delta ?? {}) as Record<string, string | undefined>;
    const what = inner['id'] ?? inner['text'] ?? inner['partial_json'] ?? inner['thinking'] ?? inner['stop_reason'];
    const words = [String(type).replace('content_block_', ''), index as number | undefined, what];
    return words.filter((word) => word !== undefined).join(' ');
  });

/** The frames behind the start, one line for each block. */
const written = (...events: ChatEvent[]): string[] => {
  const lines = brief(encodeEvents([START, ...events])).slice(1);
  return lines
    .join(', ')
    .replaceAll(/(stop \d), /g, '$1\n')
    .split('\n');
};

describe('parts that are streamed side by side', () => {
  const tool = (id: string): Part => ({ type: 'tool-call', id, name: 'f', arguments: '' });

  test('become blocks one after the other; what comes for a later one waits', () => {
    const lines = written(
      begin(0, tool('a')),
      begin(1, tool('b')),
      call(0, '1'),
      call(1, '2'),
      call(0, '3'),
      finish(1),
      call(0, '4'),
      finish(0),
      STOP,
      { type: 'end' },
    );
    expect(lines).toEqual([
      'start 0 a, delta 0 1, delta 0 3, delta 0 4, stop 0',
      'start 1 b, delta 1 2, stop 1',
      'message_delta tool_use, message_stop',
    ]);
  });

  test('flow again as soon as it is their turn', () => {
    const encoder = stream.encoder(complete());
    for (const event of [START, begin(0, { type: 'text', text: '' }), begin(1, tool('b')), call(1, '1')])
      encoder.push(event);
    expect(brief(String(encoder.push(finish(0))))).toEqual(['stop 0', 'start 1 b', 'delta 1 1']);
    expect(brief(String(encoder.push(call(1, '2'))))).toEqual(['delta 1 2']);
  });

  test('are closed at the end where nobody said that they ended', () => {
    const events = [
      begin(0, { type: 'text', text: '' }),
      say(0, 'x'),
      begin(1, tool('b')),
      begin(2, tool('c')),
      call(2, '1'),
    ];
    expect(written(...events, STOP, { type: 'end' })).toEqual([
      'start 0 , delta 0 x, stop 0',
      'start 1 b, stop 1',
      'start 2 c, delta 2 1, stop 2',
      'message_delta tool_use, message_stop',
    ]);
  });

  test('that cannot be expressed open no block, and leave no gap in the numbers', () => {
    const notes = dropping();
    const opaque: Part = { type: 'opaque', dialect: 'gemini', value: {} };
    const text = encodeEvents(
      [
        START,
        begin(0, opaque),
        more(0, { kind: 'opaque', dialect: 'gemini', value: {} }),
        begin(1, { type: 'text', text: 'a' }),
        begin(2, opaque),
        begin(3, tool('b')),
        finish(0),
        finish(1),
        finish(2),
        finish(3),
      ],
      notes,
    );
    expect(brief(text).slice(1)).toEqual(['start 0 ', 'delta 0 a', 'stop 0', 'start 1 b', 'stop 1']);
    expect(notes.dropped).toEqual(['content.0', 'content.2']);
  });
});

describe('thinking', () => {
  test('of another dialect is shown with an empty signature, and its own is not sent, which is said', () => {
    const events = [
      begin(0, { type: 'reasoning', text: '', origin: 'openai-responses' }),
      more(0, { kind: 'reasoning', text: 'hm' }),
      more(0, { kind: 'signature', signature: 'foreign' }),
      finish(0),
    ];
    const context = dropping();
    const text = encodeEvents([START, ...events], context);
    expect(context.warned).toEqual(['content.0']);
    expect(framesOf(text)[1]).toMatchObject({ content_block: { type: 'thinking', thinking: '', signature: '' } });
    expect(text).not.toContain('foreign');
    expect(text).toContain('{"type":"thinking_delta","thinking":"hm"}');
  });

  test('of this dialect keeps it, wherever it comes', () => {
    const own = { type: 'reasoning' as const, origin: 'anthropic-messages' };
    const late = encodeEvents([
      START,
      begin(0, { ...own, text: '' }),
      more(0, { kind: 'signature', signature: 'EqQB' }),
    ]);
    const early = encodeEvents([START, begin(0, { ...own, text: 'hm', signature: 'EqQB' })]);
    for (const text of [late, early]) expect(text).toContain('{"type":"signature_delta","signature":"EqQB"}');
  });

  test('that another has encrypted opens no block', () => {
    const notes = dropping();
    const redacted: Part = { type: 'reasoning', text: '', redacted: 'x', origin: 'openai-responses' };
    expect(brief(encodeEvents([START, begin(0, redacted), finish(0)], notes))).toHaveLength(1);
    expect(notes.warned).toEqual(['content.0']);
  });
});

test('a part that begins with content says it in a delta, where clients look for it', () => {
  const tool: Part = { type: 'tool-call', id: 't', name: 'f', arguments: '{"a":1}' };
  const server: Part = {
    type: 'opaque',
    dialect: 'anthropic-messages',
    value: { type: 'server_tool_use', id: 's', name: 'n', input: { q: 1 } },
  };
  const frames = framesOf(encodeEvents([START, begin(0, tool), finish(0), begin(1, server), finish(1)]));
  expect(frames[1]).toMatchObject({ content_block: { type: 'tool_use', input: {} } });
  expect(frames[2]).toMatchObject({ delta: { type: 'input_json_delta', partial_json: '{"a":1}' } });
  expect(frames[4]).toMatchObject({ content_block: { type: 'server_tool_use', input: {} } });
  expect(frames[5]).toMatchObject({ delta: { type: 'input_json_delta', partial_json: '{"q":1}' } });
});

test('a refusal is text, and the reason for stopping', () => {
  expect(
    written(begin(0, { type: 'refusal', text: '' }), more(0, { kind: 'refusal', text: 'No.' }), finish(0), STOP, {
      type: 'end',
    }),
  ).toEqual(['start 0 , delta 0 No., stop 0', 'message_delta refusal, message_stop']);
});

test('usage is told at the end, whether it came before the stop or after it', () => {
  const usage: ChatEvent = { type: 'usage', usage: { ...NO_USAGE, output: 9 } };
  for (const order of [
    [usage, STOP],
    [STOP, usage],
  ]) {
    const last = framesOf(encodeEvents([START, ...order, { type: 'end' }])).at(-2);
    expect(last).toMatchObject({ type: 'message_delta', usage: { output_tokens: 9 } });
  }
});

test('usage known at the start is told at the start', () => {
  const usage = { ...NO_USAGE, input: 5, cacheRead: 4 };
  const [first, last] = framesOf(encodeEvents([{ ...START, usage }, STOP, { type: 'end' }]));
  expect(first).toMatchObject({ message: { usage: { input_tokens: 5, cache_read_input_tokens: 4 } } });
  expect(last).toMatchObject({ usage: { input_tokens: 5, cache_read_input_tokens: 4 } });
});

test('other answers, citations and fields of another dialect are said and left out', () => {
  const notes = dropping();
  const text = encodeEvents(
    [
      { ...START, rest: { dialect: 'openai-chat', fields: { system_fingerprint: 'fp' } } },
      { ...begin(0, { type: 'text', text: '' }), candidate: 1 } as ChatEvent,
      begin(0, { type: 'text', text: '' }),
      more(0, { kind: 'citation', dialect: 'openai-chat', item: {} }),
      more(0, { kind: 'audio', data: 'x' }),
      { type: 'opaque', dialect: 'openai-chat', value: {} },
    ],
    notes,
  );
  expect(notes.dropped).toEqual(['system_fingerprint', 'choices', 'content.0.citations']);
  expect(framesOf(text)).toHaveLength(2);
});

test("this dialect's own events come back as they were", () => {
  const value = { type: 'weather', sun: true };
  expect(encodeEvents([{ type: 'opaque', dialect: 'anthropic-messages', event: 'weather', value }])).toBe(
    'event: weather\ndata: {"type":"weather","sun":true}\n\n',
  );
});

test('an error', () => {
  expect(encodeEvents([{ type: 'error', status: 529, message: 'busy', errorType: 'overloaded_error' }])).toBe(
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"},"request_id":"req_test"}\n\n',
  );
});

test('the end that is sent where a provider forgot it', () => {
  expect(stream.endFrames).toBe('event: message_stop\ndata: {"type":"message_stop"}\n\n');
});
