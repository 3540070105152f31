/** Streams of servers that leave things out, or say them only at the end, are read all the same. */
import { describe, expect, test } from 'vitest';
import { collect, type ChatEvent, type JsonObject, type Part } from '@gatewright/core';
import { answer, decodeStream, message, outputText, sse } from './wire.test.kit.ts';

const created: JsonObject = { type: 'response.created', response: { ...answer([]), status: 'in_progress' } };
const completed = (output: JsonObject[] = [], more: JsonObject = {}): JsonObject => ({
  type: 'response.completed',
  response: answer(output, more),
});
const at = (type: string, fields: JsonObject = {}): JsonObject => ({
  type: `response.${type}`,
  item_id: 'i_1',
  output_index: 0,
  ...fields,
});
const opened = (item: JsonObject, index = 0): JsonObject => ({
  type: 'response.output_item.added',
  output_index: index,
  item,
});
const closed = (item: JsonObject, index = 0): JsonObject => ({
  type: 'response.output_item.done',
  output_index: index,
  item,
});
const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'look', arguments: '' };

/** What the parts of an answer say. */
function said(...events: JsonObject[]): unknown[] {
  const read = decodeStream(sse(...events));
  expect(read.at(-1)).toEqual({ type: 'end' });
  expect(unended(read)).toEqual([]);
  return (collect(read).candidates[0]?.parts ?? []).map(saying);
}

function saying(part: Part): unknown {
  if (part.type === 'tool-call') return [part.name, part.arguments];
  return part.type === 'opaque' ? part.value : 'text' in part ? part.text : part.type;
}

/** Indexes of parts that have begun and not ended. */
function unended(events: readonly ChatEvent[]): number[] {
  const open = new Set<number>();
  for (const event of events) {
    if (event.type === 'part-start') open.add(event.index);
    if (event.type === 'part-end') open.delete(event.index);
  }
  return [...open];
}

describe('what is left out', () => {
  test('that an item and its content begin', () => {
    expect(
      said(
        created,
        at('output_text.delta', { content_index: 0, delta: 'Hel' }),
        at('output_text.delta', { delta: 'lo' }),
        completed(),
      ),
    ).toEqual(['Hello']);
    expect(said(created, at('refusal.delta', { delta: 'No' }), completed())).toEqual(['No']);
    expect(said(created, at('reasoning_text.delta', { delta: 'Hm' }), completed())).toEqual(['Hm']);
    expect(said(created, at('function_call_arguments.delta', { delta: '{}', name: 'look' }), completed())).toEqual([
      ['look', '{}'],
    ]);
  });

  test('that the answer begins', () => {
    expect(said(at('output_text.delta', { delta: 'Hello' }), completed())).toEqual(['Hello']);
  });

  test('the pieces: what is whole at the end is taken', () => {
    const text = [
      opened(message()),
      at('content_part.added', { part: outputText('') }),
      at('output_text.done', { text: 'Hello' }),
    ];
    expect(said(created, ...text, completed())).toEqual(['Hello']);
    expect(said(created, opened(message()), closed(message(outputText('A'), outputText('B'))), completed())).toEqual([
      'A',
      'B',
    ]);
    expect(
      said(created, opened(call), at('function_call_arguments.done', { arguments: '{"a":1}' }), completed()),
    ).toEqual([['look', '{"a":1}']]);
    expect(said(created, opened(call), closed({ ...call, arguments: '{}' }), completed())).toEqual([['look', '{}']]);
    const thought = {
      type: 'reasoning',
      id: 'rs_1',
      summary: [
        { type: 'summary_text', text: 'A' },
        { type: 'summary_text', text: 'B' },
      ],
    };
    expect(said(created, opened({ ...thought, summary: [] }), closed(thought), completed())).toEqual(['A\n\nB']);
  });

  test('all but the end', () => {
    expect(said(created, completed([message(outputText('Hello')), { ...call, arguments: '{}' }]))).toEqual([
      'Hello',
      ['look', '{}'],
    ]);
  });
});

describe('what is there', () => {
  test('pieces that have come are not taken again from the whole', () => {
    const pieces = [
      opened(call),
      at('function_call_arguments.delta', { delta: '{"a"' }),
      at('function_call_arguments.delta', { delta: ':1}' }),
    ];
    const whole = [
      at('function_call_arguments.done', { arguments: '{"a":1}' }),
      closed({ ...call, arguments: '{"a":1}' }),
    ];
    expect(said(created, ...pieces, ...whole, completed())).toEqual([['look', '{"a":1}']]);
  });

  test('nor those whose number and padding differ, of which only the first is parsed', () => {
    const texts = ['Hel', 'lo', ' "you"', '.'];
    const pieces = texts.map((delta, index) =>
      at('output_text.delta', { content_index: 0, delta, sequence_number: index, obfuscation: 'x'.repeat(index) }),
    );
    const begun = [opened(message()), at('content_part.added', { part: outputText('') })];
    const whole = [at('output_text.done', { text: texts.join('') }), closed(message(outputText(texts.join(''))))];
    expect(said(created, ...begun, ...pieces, ...whole, completed())).toEqual(['Hello "you".']);
    expect(said(created, ...begun, ...pieces.slice(0, 3), ...whole, completed())).toEqual(['Hello "you".']);
  });

  test('calls that come in turns', () => {
    const both = [opened(call), opened({ ...call, call_id: 'call_2', name: 'jump' }, 1)];
    const pieces = [0, 1, 0, 1].map((index) =>
      at('function_call_arguments.delta', { delta: 'x', output_index: index }),
    );
    expect(said(created, ...both, ...pieces, completed())).toEqual([
      ['look', 'xx'],
      ['jump', 'xx'],
    ]);
  });

  test('an item of this dialect alone is what it is at its end', () => {
    const search = { type: 'web_search_call', id: 'ws_1', status: 'in_progress' };
    const events = [
      opened(search),
      at('web_search_call.searching'),
      closed({ ...search, status: 'completed', action: { query: 'x' } }),
    ];
    expect(said(created, ...events, completed())).toEqual([{ ...search, status: 'completed', action: { query: 'x' } }]);
  });

  test.each([
    ['incomplete', { reason: 'max_output_tokens' }, 'length'],
    ['incomplete', null, 'length'],
    ['completed', null, 'tool-calls'],
  ])('%s %j is %s', (status, details, reason) => {
    const end = { type: `response.${status}`, response: answer([], { status, incomplete_details: details }) };
    const stop = decodeStream(sse(created, opened(call), closed({ ...call, arguments: '{}' }), end)).find(
      ({ type }) => type === 'stop',
    );
    expect(stop).toMatchObject({ stop: { reason } });
  });
});

describe('what goes wrong', () => {
  test.each<[string, JsonObject, unknown]>([
    [
      'nested',
      { type: 'error', error: { type: 'server_error', code: 'overloaded', message: 'Busy.' } },
      [500, 'Busy.', 'overloaded'],
    ],
    [
      'flat',
      { type: 'error', code: 'rate_limit_exceeded', message: 'Slow.', param: null },
      [429, 'Slow.', 'rate_limit_exceeded'],
    ],
    [
      'failed',
      {
        type: 'response.failed',
        response: answer([], { status: 'failed', error: { code: 'invalid_prompt', message: 'No.' } }),
      },
      [400, 'No.', 'invalid_prompt'],
    ],
    [
      'without a word',
      { type: 'response.failed', response: answer([], { status: 'failed' }) },
      [502, expect.stringContaining('did not say why'), undefined],
    ],
    ['without a type', { error: { message: 'Broken.' } }, [502, 'Broken.', undefined]],
  ])('%s', (_name, event, wanted) => {
    const events = decodeStream(sse(created, at('output_text.delta', { delta: 'Hel' }), event, completed()));
    const last = events.at(-1);
    expect(last?.type === 'error' ? [last.status, last.message, last.code] : last).toEqual(wanted);
  });

  test('a stream that was cut has no stop and no end', () => {
    const events = decodeStream(sse(created, at('output_text.delta', { delta: 'Hel' })));
    expect(events.map(({ type }) => type)).toEqual(['start', 'part-start', 'part-delta', 'part-end']);
  });

  test('frames that are no events are left out', () => {
    const broken = Buffer.from('event: response.output_text.delta\ndata: {"type":"respon\n\n');
    const bytes = Buffer.concat([
      sse(created),
      broken,
      sse(at('output_text.delta', { delta: 'Hello' }), completed()),
      Buffer.from('data: [DONE]\n\n'),
    ]);
    expect(collect(decodeStream(bytes)).candidates[0]?.parts).toMatchObject([{ text: 'Hello' }]);
  });
});
