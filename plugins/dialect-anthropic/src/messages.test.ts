/** System prompts, turns, and how messages of other dialects are regrouped. */
import type { JsonObject, Message, Part } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { codec, complete, dropping } from './wire.test.kit.ts';

const text = (value: string): Part => ({ type: 'text', text: value });
const say = (role: Message['role'], ...values: string[]): Message => ({ role, parts: values.map(text) });

const write = (...messages: Message[]): JsonObject => {
  const body = codec.encodeRequest({ model: 'm', stream: false, messages }, complete('m'));
  return { system: body['system'], messages: body['messages'] };
};

const read = (body: JsonObject): readonly Message[] =>
  codec.decodeRequest({ model: 'm', max_tokens: 1, messages: [], ...body }, { headers: {} }).messages;

describe('reading', () => {
  test('the system prompt is the first message, as text or in blocks', () => {
    expect(read({ system: 'Be brief.' })).toMatchObject([
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
    ]);
    const system = [
      { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'b' },
    ];
    expect(read({ system })).toMatchObject([{ role: 'system', parts: [{ text: 'a', cache: {} }, { text: 'b' }] }]);
  });

  test('messages keep order and grouping', () => {
    const messages = [
      { role: 'user', content: 'a' },
      { role: 'user', content: [{ type: 'text', text: 'b' }] },
      { role: 'assistant', content: 'c' },
      { role: 'system', content: 'd' },
    ];
    expect(read({ messages }).map(({ role, parts }) => [role, (parts[0] as { text: string }).text])).toEqual([
      ['user', 'a'],
      ['user', 'b'],
      ['assistant', 'c'],
      ['system', 'd'],
    ]);
  });

  test('a system message that leads the messages does not become the prompt', () => {
    const body = { model: 'm', max_tokens: 1, messages: [{ role: 'system', content: 'a' }] };
    expect(codec.encodeRequest(codec.decodeRequest(body, { headers: {} }), complete('m'))).toEqual(body);
  });
});

describe('writing what came from another dialect', () => {
  test('leading system and developer messages become the system prompt', () => {
    expect(write(say('system', 'a'), say('user', 'x'))).toEqual({
      system: 'a',
      messages: [{ role: 'user', content: 'x' }],
    });
    expect(write(say('system', 'a'), say('developer', 'b', 'c'), say('user', 'x'))['system']).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
      { type: 'text', text: 'c' },
    ]);
  });

  test('a system prompt with nothing in it is none', () => {
    expect(write(say('system', ''), say('user', 'x'))['system']).toBeUndefined();
  });

  test('later ones stay, behind the turn of the user that they come before', () => {
    const { messages } = write(say('user', 'a'), say('assistant', 'b'), say('developer', 'c'), say('user', 'd'));
    expect(messages).toEqual([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'd' },
      { role: 'system', content: 'c' },
    ]);
  });

  test('two system messages in a row, between two of the user, become one behind both', () => {
    const { messages } = write(say('user', 'a'), say('system', 'b'), say('system', 'c'), say('user', 'd'));
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'd' },
        ],
      },
      {
        role: 'system',
        content: [
          { type: 'text', text: 'b' },
          { type: 'text', text: 'c' },
        ],
      },
    ]);
  });

  test('results of parallel calls stand together in front of what the user says next', () => {
    const call = (id: string): Part => ({ type: 'tool-call', id, name: 'f', arguments: '{}' });
    const result = (id: string): Message => ({ role: 'tool', parts: [{ type: 'tool-result', id, parts: [text(id)] }] });
    const calls: Message = { role: 'assistant', parts: [call('1'), call('2')] };
    const { messages } = write(say('user', 'go'), calls, result('1'), result('2'), say('user', 'well?'));
    expect(messages).toEqual([
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: '1', name: 'f', input: {} },
          { type: 'tool_use', id: '2', name: 'f', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: '1', content: '1' },
          { type: 'tool_result', tool_use_id: '2', content: '2' },
          { type: 'text', text: 'well?' },
        ],
      },
    ]);
  });

  test('empty text is left out, and a message of nothing else with it', () => {
    const { messages } = write(say('user', 'a', ''), say('assistant', ''), say('user', 'b'));
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ]);
  });

  test('names, pictures for the system, and fields of another dialect are said', () => {
    const notes = dropping();
    const messages: Message[] = [
      { role: 'system', parts: [text('a'), { type: 'image', source: { kind: 'url', url: 'http://x' } }] },
      {
        role: 'user',
        parts: [text('b')],
        name: 'ada',
        rest: { dialect: 'openai-chat', fields: { weight: 1, $shape: 1 } },
      },
    ];
    codec.encodeRequest({ model: 'm', stream: false, messages }, notes);
    expect(notes.dropped).toEqual(['messages.0.content.1', 'messages.1.name', 'messages.1.weight']);
  });
});

test('messages of this dialect that a plugin adds go out without disturbing the others', () => {
  const body = { model: 'm', max_tokens: 1, system: 'a', messages: [{ role: 'user', content: 'b' }] };
  const request = codec.decodeRequest(body, { headers: {} });
  const messages = [say('system', 'first'), ...request.messages, say('user', 'last')];
  expect(codec.encodeRequest({ ...request, messages }, complete('m'))).toEqual({
    ...body,
    system: [
      { type: 'text', text: 'first' },
      { type: 'text', text: 'a' },
    ],
    messages: [
      { role: 'user', content: 'b' },
      { role: 'user', content: [{ type: 'text', text: 'last' }] },
    ],
  });
});
