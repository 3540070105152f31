/** Streams of other dialects become events that the vendor's clients put together. */
import { describe, expect, test } from 'vitest';
import { GatewayError, type ChatEvent, type Delta, type JsonObject, type Part } from '@gatewright/core';
import { chatCodec } from '../chat-codec.ts';
import { decodeRequest, dropping, encodeStream, eventsOf, refusing, stream } from './wire.test.kit.ts';

const start: ChatEvent = { type: 'start', id: 'a1', model: 'm', created: 7 };
const begin = (index: number, part: Part): ChatEvent => ({ type: 'part-start', candidate: 0, index, part });
const add = (index: number, delta: Delta): ChatEvent => ({ type: 'part-delta', candidate: 0, index, delta });
const end = (index: number): ChatEvent => ({ type: 'part-end', candidate: 0, index });
const text = (index: number, said: string): ChatEvent[] => [
  begin(index, { type: 'text', text: '' }),
  add(index, { kind: 'text', text: said }),
  end(index),
];
const stop = (reason: 'stop' | 'length' | 'tool-calls' = 'stop'): ChatEvent[] => [
  { type: 'stop', candidate: 0, stop: { reason } },
  { type: 'end' },
];
const call = (index: number, name: string): ChatEvent =>
  begin(index, { type: 'tool-call', id: `call_${index}`, name, arguments: '' });

const written = (...events: ChatEvent[]): JsonObject[] => eventsOf(encodeStream([start, ...events], dropping()));
const types = (events: readonly JsonObject[]): string[] =>
  events.map(({ type }) => String(type).replace('response.', ''));
function output(events: readonly JsonObject[]): JsonObject[] {
  const response = events.at(-1)?.['response'] as { output: JsonObject[] } | undefined;
  return response?.output ?? [];
}

describe('a text', () => {
  test('is an item with content, from beginning to end', () => {
    const events = written(...text(0, 'Hello'), ...stop());
    expect(types(events)).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
    const ids = new Set(events.map((event) => event['item_id']).filter((id) => id !== undefined));
    expect([...ids]).toEqual(['msg_gw_a1_0']);
  });

  test('goes on in the same message, with a place of its own', () => {
    const events = written(...text(0, 'A'), ...text(1, 'B'), ...stop());
    expect(output(events)).toMatchObject([{ content: [{ text: 'A' }, { text: 'B' }] }]);
    expect(
      events.filter(({ type }) => type === 'response.output_text.delta').map((event) => event['content_index']),
    ).toEqual([0, 1]);
  });

  test('that was cut is not finished, and its message is not either', () => {
    const events = written(...text(0, 'A'), ...stop('length'));
    expect(types(events).at(-1)).toBe('incomplete');
    expect(events.at(-1)?.['response']).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
    expect(output(events)).toMatchObject([{ status: 'incomplete' }]);
  });

  test('stays open while others begin', () => {
    const events = written(
      begin(0, { type: 'text', text: '' }),
      call(1, 'look'),
      add(0, { kind: 'text', text: 'late' }),
      end(1),
      end(0),
      ...stop(),
    );
    expect(output(events)).toMatchObject([{ type: 'message', content: [{ text: 'late' }] }, { type: 'function_call' }]);
  });

  test('has the citations of chat completions in this dialect’s form, and is told of others', () => {
    const item = {
      type: 'url_citation',
      url_citation: { url: 'https://a.example', title: 'A', start_index: 0, end_index: 1 },
    };
    const context = dropping();
    const cited = [
      begin(0, { type: 'text', text: '' }),
      add(0, { kind: 'citation', dialect: 'openai-chat', item }),
      add(0, { kind: 'citation', dialect: 'acme', item: {} }),
      end(0),
    ];
    const events = eventsOf(encodeStream([start, ...cited, ...stop()], context));
    expect(output(events)).toMatchObject([
      {
        content: [
          {
            annotations: [{ type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 1 }],
          },
        ],
      },
    ]);
    expect(context.warned).toEqual(['citations']);
  });
});

describe('calls', () => {
  test('that come in turns keep apart', () => {
    const pieces = ['{"a"', '{"b"', ':1}', ':2}'].map((one, index) => add(index % 2, { kind: 'arguments', text: one }));
    const events = written(call(0, 'look'), call(1, 'jump'), ...pieces, end(0), end(1), ...stop('tool-calls'));
    expect(output(events)).toMatchObject([
      { call_id: 'call_0', name: 'look', arguments: '{"a":1}', status: 'completed' },
      { call_id: 'call_1', name: 'jump', arguments: '{"b":2}' },
    ]);
  });

  test('without arguments have an empty object', () => {
    expect(output(written(call(0, 'look'), end(0), ...stop('tool-calls')))).toMatchObject([{ arguments: '{}' }]);
  });
});

test('reasoning is a summary, with what was signed sealed', () => {
  const thought: Part = { type: 'reasoning', text: '', origin: 'acme' };
  const events = written(
    begin(0, thought),
    add(0, { kind: 'reasoning', text: 'Hm.' }),
    add(0, { kind: 'signature', signature: 's' }),
    end(0),
    ...text(1, 'A'),
    ...stop(),
  );
  expect(output(events)).toMatchObject([
    { type: 'reasoning', summary: [{ text: 'Hm.' }], encrypted_content: expect.stringMatching(/^gatewright\./) },
    {},
  ]);
  const again = decodeRequest({ model: 'm', input: output(events) }).messages[0]?.parts[0];
  expect(again).toMatchObject({ type: 'reasoning', text: 'Hm.', signature: 's', origin: 'acme' });
});

test('an answer without anything is whole all the same', () => {
  expect(types(written(...stop()))).toEqual(['created', 'in_progress', 'completed']);
  expect(types(eventsOf(encodeStream(stop())))).toEqual(['created', 'in_progress', 'completed']);
});

test('what has no place is left out, and told', () => {
  const context = dropping();
  const sound: Part = { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: '' } };
  const strange: Part = { type: 'opaque', dialect: 'acme', value: { type: 'smell' } };
  const other: ChatEvent = { type: 'part-start', candidate: 1, index: 0, part: { type: 'text', text: 'B' } };
  const events = eventsOf(
    encodeStream([start, begin(0, sound), end(0), begin(1, strange), end(1), other, ...stop()], context),
  );
  expect(output(events)).toEqual([]);
  expect(context.dropped).toEqual(['output[0]', 'n']);
  expect(context.warned).toEqual(['output[1]']);
});

test('an error ends it under the next number, and nothing follows', () => {
  const encoder = stream.encoder({ ...refusing, model: '', usage: true, requestId: 'gw_1' });
  encoder.push(start);
  const [event] = eventsOf(String(encoder.fail?.(new GatewayError('GW_UPSTREAM_CUT', 'It broke.'))));
  expect(event).toMatchObject({ type: 'error', sequence_number: 2, code: 'GW_UPSTREAM_CUT', message: 'It broke.' });
  expect(encoder.push({ type: 'end' })).toBe('');
});

test('the answer repeats what its own request said', () => {
  const request = decodeRequest({
    model: 'm',
    input: 'Hello',
    instructions: 'Be brief.',
    metadata: { a: 'b' },
    max_output_tokens: 20,
    store: true,
  });
  const context = { ...refusing, request: () => request as never };
  const [created] = eventsOf(encodeStream([start, ...stop()], context));
  expect(created?.['response']).toMatchObject({
    instructions: 'Be brief.',
    metadata: { a: 'b' },
    max_output_tokens: 20,
    store: false,
    tools: [],
    tool_choice: 'auto',
  });
  const foreign = chatCodec.decodeRequest(
    { model: 'm', messages: [{ role: 'user', content: 'x' }], max_tokens: 9 },
    { headers: {} },
  );
  const [other] = eventsOf(encodeStream([start, ...stop()], { ...refusing, request: () => foreign }));
  expect(other?.['response']).toMatchObject({ instructions: null, max_output_tokens: null });
});
