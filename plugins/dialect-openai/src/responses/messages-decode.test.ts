/** Items become the messages that dialects with messages want, and items again. */
import { describe, expect, test } from 'vitest';
import type { JsonObject, Part } from '@gatewright/core';
import { decodeRequest, dropping, refusing, requestAgain, thrown } from './wire.test.kit.ts';
import { chatCodec } from '../chat-codec.ts';

const ask = (input: unknown, more: JsonObject = {}): JsonObject => ({ model: 'm', input, ...more });
const said = (text: string): JsonObject => ({ role: 'assistant', content: [{ type: 'output_text', text }] });
const call = (id: string): JsonObject => ({ type: 'function_call', call_id: id, name: 'look', arguments: '{}' });
const output = (id: string): JsonObject => ({ type: 'function_call_output', call_id: id, output: 'a tree' });
const thought: JsonObject = { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }] };

/** Each message as its role and the types of its parts. */
function shape(input: unknown): string[] {
  return decodeRequest(ask(input)).messages.map(
    ({ role, parts }) => `${role}: ${parts.map(({ type }: Part) => type).join(' ')}`,
  );
}

describe('turns', () => {
  test.each<[string, unknown, string[]]>([
    ['a string', 'Hello', ['user: text']],
    [
      'what a model did before it was answered',
      [thought, said('Let me look.'), call('a'), call('b'), output('a'), output('b')],
      ['assistant: reasoning text tool-call tool-call', 'tool: tool-result', 'tool: tool-result'],
    ],
    ['two answers in a row', [said('A'), said('B')], ['assistant: text', 'assistant: text']],
    [
      'an answer, and what led to another',
      [said('A'), thought, said('B')],
      ['assistant: text', 'assistant: reasoning text'],
    ],
    ['calls before and after a remark', [call('a'), said('And'), call('b')], ['assistant: tool-call text tool-call']],
    ['items of this dialect alone', [{ type: 'web_search_call', id: 'ws_1' }, said('A')], ['assistant: opaque text']],
    [
      'what a tool of this dialect gave',
      [{ type: 'custom_tool_call_output', call_id: 'a', output: 'x' }],
      ['tool: opaque'],
    ],
  ])('%s', (_name, input, messages) => {
    expect(shape(input)).toEqual(messages);
    expect(requestAgain(ask(input))).toEqual(ask(input));
  });

  test('instructions are a system message, and are instructions again', () => {
    const body = ask('Hello', { instructions: 'Be brief.' });
    const request = decodeRequest(body);
    expect(request.messages[0]).toMatchObject({ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] });
    expect(requestAgain(body)).toEqual(body);
    expect(chatCodec.encodeRequest(request, refusing)['messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
    ]);
  });

  test('calls that were made together stay together in chat completions', () => {
    const { messages } = chatCodec.encodeRequest(
      decodeRequest(ask([call('a'), call('b'), output('a'), output('b')])),
      dropping(),
    );
    expect((messages as JsonObject[]).map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool']);
  });
});

describe('what is wrong is said where it is', () => {
  test.each<[unknown, string]>([
    [3, 'input'],
    [[3], 'input[0]'],
    [[{ role: 'robot', content: 'x' }], 'input[0].role'],
    [[{ role: 'user', content: 3 }], 'input[0].content'],
    [[{ role: 'user', content: [{ text: 'x' }] }], 'input[0].content[0].type'],
    [[{ role: 'user', content: [{ type: 'input_text' }] }], 'input[0].content[0].text'],
    [[{ ...call('a'), arguments: {} }], 'input[0].arguments'],
    [[{ ...call('a'), call_id: undefined }], 'input[0].call_id'],
    [[{ type: 'function_call_output', call_id: 'a' }], 'input[0].output'],
    [[{ type: 'reasoning', summary: 'Hm.' }], 'input[0].summary'],
  ])('%j: %s', (input, param) => {
    const error = thrown(() => decodeRequest(ask(input)));
    expect([error.code, error.details.param]).toEqual(['GW_BAD_REQUEST', param]);
  });

  test('instructions that are no text', () => {
    expect(thrown(() => decodeRequest(ask('x', { instructions: [] }))).details.param).toBe('instructions');
  });
});
