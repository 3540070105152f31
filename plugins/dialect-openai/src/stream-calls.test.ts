/** Tool calls in streams: every server counts them in its own way. */
import { describe, expect, test } from 'vitest';
import { collect, type JsonObject, type Part } from '@gatewright/core';
import { chunk, decodeStream, encodeStream, sse } from './wire.test.kit.ts';

const END = chunk({}, { finish_reason: 'tool_calls' });
const deltas = (...calls: JsonObject[]): Buffer => sse(...calls.map((call) => chunk({ tool_calls: [call] })), END);
const callsOf = (bytes: Buffer): readonly Part[] => collect(decodeStream(bytes)).candidates[0]?.parts ?? [];
const brief = (bytes: Buffer): unknown[] =>
  callsOf(bytes).map((part) => (part.type === 'tool-call' ? [part.id, part.name, part.arguments] : part));

describe('calls', () => {
  test('counted by index, with arguments in pieces', () => {
    const bytes = deltas(
      { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 0, function: { arguments: '{"x"' } },
      { index: 0, function: { arguments: ':1}' } },
      { index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
    );
    expect(brief(bytes)).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'g', '{}'],
    ]);
  });

  test('interleaved: their parts overlap until the end', () => {
    const bytes = deltas(
      { index: 0, id: 'a', function: { name: 'f', arguments: '' } },
      { index: 1, id: 'b', function: { name: 'g', arguments: '' } },
      { index: 0, function: { arguments: '{"a":1}' } },
      { index: 1, function: { arguments: '{"b":2}' } },
      { index: 0, function: { arguments: ' ' } },
    );
    expect(brief(bytes)).toEqual([
      ['a', 'f', '{"a":1} '],
      ['b', 'g', '{"b":2}'],
    ]);
    const events = decodeStream(bytes);
    expect(events.filter(({ type }) => type === 'part-end')).toHaveLength(2);
    expect(events.findIndex(({ type }) => type === 'part-end')).toBeGreaterThan(
      events.findLastIndex(({ type }) => type === 'part-delta'),
    );
  });

  test('without index: by their ids, or the one that goes on (Mistral)', () => {
    const whole = (id: string) => ({ id, function: { name: 'f', arguments: `{"${id}":1}` } });
    expect(brief(sse(chunk({ tool_calls: [whole('a'), whole('b')] }), END))).toEqual([
      ['a', 'f', '{"a":1}'],
      ['b', 'f', '{"b":1}'],
    ]);
    const bytes = deltas({ id: 'a', function: { name: 'f', arguments: '{' } }, { function: { arguments: '}' } });
    expect(brief(bytes)).toEqual([['a', 'f', '{}']]);
  });

  test('without index and id: a name begins a call', () => {
    const bytes = deltas({ function: { name: 'f', arguments: '{}' } }, { function: { name: 'g', arguments: '{}' } });
    expect(brief(bytes)).toEqual([
      ['call_chatcmpl-1_0_0', 'f', '{}'],
      ['call_chatcmpl-1_0_1', 'g', '{}'],
    ]);
  });

  test('that start at an index of their own are written from zero on', () => {
    const bytes = deltas({ index: 1, id: 'a', function: { name: 'f', arguments: '{}' } });
    expect(brief(bytes)).toEqual([['a', 'f', '{}']]);
    expect(encodeStream(decodeStream(bytes))).toContain('"tool_calls":[{"index":0,"id":"a"');
  });

  test('with an empty id or name in the deltas that go on (Alibaba, Mistral)', () => {
    const bytes = deltas(
      { index: 0, id: 'a', function: { name: 'f', arguments: '' } },
      { index: 0, id: '', function: { name: '', arguments: '{}' } },
    );
    expect(brief(bytes)).toEqual([['a', 'f', '{}']]);
  });

  test('that all have index 0, told apart by id and name (Gemini)', () => {
    const bytes = deltas(
      { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } },
      { index: 0, id: 'b', function: { name: 'f', arguments: '{"b":1}' } },
    );
    expect(brief(bytes)).toEqual([
      ['a', 'f', '{}'],
      ['b', 'f', '{"b":1}'],
    ]);
  });

  test('whose id is new in every delta, or repeated with the name', () => {
    const fresh = deltas(
      { index: 0, id: 'a', function: { name: 'f', arguments: '{' } },
      { index: 0, id: 'a2', function: { arguments: '}' } },
    );
    expect(brief(fresh)).toEqual([['a', 'f', '{}']]);
    const repeated = deltas(
      { index: 0, id: 'a', function: { name: 'f', arguments: '{' } },
      { index: 0, id: 'a', function: { name: 'f', arguments: '}' } },
    );
    expect(brief(repeated)).toEqual([['a', 'f', '{}']]);
  });

  test('whose name comes late: what came before is kept until then', () => {
    const bytes = deltas(
      { index: 0, id: 'a', function: { arguments: '{"x"' } },
      { index: 0, function: { name: 'f' } },
      { index: 0, function: { arguments: ':1}' } },
    );
    expect(brief(bytes)).toEqual([['a', 'f', '{"x":1}']]);
  });

  test('with arguments as an object, or null', () => {
    expect(brief(deltas({ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }))).toEqual([
      ['a', 'f', '{"x":1}'],
    ]);
    expect(brief(deltas({ index: 0, id: 'a', function: { name: 'f', arguments: null } }))).toEqual([['a', 'f', '']]);
  });

  test('of which nothing came but an index are none', () => {
    expect(brief(deltas({ index: 0 }))).toEqual([]);
  });

  test('keep the fields that only their server knows', () => {
    const extra = { google: { thought_signature: 'sig' } };
    const bytes = deltas({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' }, extra_content: extra });
    expect(callsOf(bytes)[0]).toMatchObject({ rest: { fields: { extra_content: extra } } });
    expect(encodeStream(decodeStream(bytes))).toContain('"thought_signature":"sig"');
  });

  test('close the text before them', () => {
    const events = decodeStream(
      sse(chunk({ content: 'a' }), chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f' } }] }), END),
    );
    expect(events.map(({ type }) => type).slice(1, 5)).toEqual(['part-start', 'part-delta', 'part-end', 'part-start']);
  });
});

test('a function_call is a call whose id is made up, and is written as one', () => {
  const bytes = sse(
    chunk({ role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } }),
    chunk({ function_call: { arguments: '{"x"' } }),
    chunk({ function_call: { arguments: ':1}' } }),
    chunk({}, { finish_reason: 'function_call' }),
  );
  expect(brief(bytes)).toEqual([['call_chatcmpl-1_0_0', 'f', '{"x":1}']]);
  const copy = encodeStream(decodeStream(bytes));
  expect(copy).toContain('"function_call":{"name":"f","arguments":""}');
  expect(copy).toContain('"finish_reason":"function_call"');
  expect(brief(Buffer.from(copy))).toEqual(brief(bytes));
});

test('a custom call is kept whole, its input gathered', () => {
  const bytes = deltas(
    { index: 0, id: 'a', type: 'custom', custom: { name: 'sh', input: '' } },
    { index: 0, custom: { input: 'ls ' } },
    { index: 0, custom: { input: '-l' } },
  );
  const expected = { id: 'a', type: 'custom', custom: { name: 'sh', input: 'ls -l' } };
  expect(callsOf(bytes)).toMatchObject([{ type: 'opaque', dialect: 'openai-chat', value: expected }]);
  const copy = encodeStream(decodeStream(bytes));
  expect(copy).toContain('"tool_calls":[{"index":0,"custom":{"input":"-l"}}]');
  expect(callsOf(Buffer.from(copy))).toEqual(callsOf(bytes));
});
