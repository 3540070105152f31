/** What the messages of a client mean, and that they come back as they were. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@gatewright/core';
import { ask, decodeRequest, requestAgain } from './wire.test.kit.ts';

const user = { role: 'user', content: 'Hi' };

describe('messages', () => {
  const messages = (...some: JsonObject[]) => {
    expect(requestAgain(ask(...some))).toEqual(ask(...some));
    return decodeRequest(ask(...some)).messages;
  };

  test('roles and names', () => {
    const some = ['system', 'developer', 'user', 'assistant'].map((role) => ({
      role,
      content: 'a',
      name: `the_${role}`,
    }));
    expect(messages(...some)).toEqual(
      some.map(({ role, name }) => ({ role, name, parts: [{ type: 'text', text: 'a' }] })),
    );
  });

  test('content as a string, as one part, as nothing', () => {
    const text = [{ type: 'text', text: 'Hi' }];
    expect(messages({ role: 'user', content: text })[0]?.parts).toEqual(text);
    expect(messages({ role: 'user', content: '' })[0]?.parts).toEqual([]);
    expect(messages({ role: 'assistant', content: null })[0]?.parts).toEqual([]);
    expect(messages({ role: 'assistant' })[0]?.parts).toEqual([]);
    expect(
      messages({ role: 'assistant', content: '', refusal: null, annotations: [], audio: null, tool_calls: [] })[0]
        ?.parts,
    ).toEqual([]);
  });

  test('calls and results', () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{"x":1}' } });
    const [, first, result, structured] = messages(
      user,
      { role: 'assistant', content: null, tool_calls: [call('a'), call('b')] },
      { role: 'tool', tool_call_id: 'a', content: 'one' },
      {
        role: 'tool',
        tool_call_id: 'b',
        content: [
          { type: 'text', text: 'two' },
          { type: 'text', text: 'three' },
        ],
      },
    );
    expect(first?.parts).toEqual(['a', 'b'].map((id) => ({ type: 'tool-call', id, name: 'f', arguments: '{"x":1}' })));
    expect(result).toEqual({
      role: 'tool',
      parts: [{ type: 'tool-result', id: 'a', parts: [{ type: 'text', text: 'one' }] }],
    });
    expect(structured?.parts).toMatchObject([{ parts: [{ text: 'two' }, { text: 'three' }] }]);
  });

  test('function_call and its result, which are tied together by name', () => {
    const [, call, result] = messages(
      user,
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: 'one' },
    );
    expect(call?.parts).toMatchObject([{ type: 'tool-call', name: 'f', arguments: '{}' }]);
    expect(result).toMatchObject({ role: 'tool', name: 'f', parts: [{ type: 'tool-result' }] });
    const ids = [call, result].map((message) => message?.parts[0]).map((part) => part && 'id' in part && part.id);
    expect(ids).toEqual(['function_call_1', 'function_call_1']);
  });

  test('custom calls are kept whole', () => {
    const value = { id: 'a', type: 'custom', custom: { name: 'sh', input: 'ls' } };
    const [message] = messages({ role: 'assistant', content: null, tool_calls: [value] });
    expect(message?.parts).toMatchObject([{ type: 'opaque', dialect: 'openai-chat', value }]);
  });

  test('reasoning in the history, in each of its places', () => {
    const of = (fields: JsonObject) => messages({ role: 'assistant', content: 'a', ...fields })[0]?.parts[0];
    expect(of({ reasoning_content: 'Hm' })).toEqual({ type: 'reasoning', text: 'Hm', origin: 'openai-chat' });
    expect(of({ reasoning: 'Hm' })).toMatchObject({ type: 'reasoning', text: 'Hm' });
    expect(of({ reasoning: 'Hm', reasoning_content: 'Hm' })).toMatchObject({ type: 'reasoning', text: 'Hm' });
    expect(of({ reasoning: 'Hm', reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }] })).toMatchObject({
      text: 'Hm',
    });
    expect(of({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }] })).toMatchObject({
      type: 'reasoning',
      text: '',
    });
    expect(of({ reasoning_content: '' })).toEqual({ type: 'text', text: 'a' });
    expect(of({ reasoning: 'Hm', reasoning_content: 'Other' })).toMatchObject({ type: 'reasoning', text: 'Other' });
    const thinking = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
      { type: 'text', text: 'a' },
    ];
    expect(of({ content: thinking })).toMatchObject({ type: 'reasoning', text: 'Hm' });
  });

  test('refusals, in their field and in the content', () => {
    expect(messages({ role: 'assistant', content: null, refusal: 'No' })[0]?.parts).toEqual([
      { type: 'refusal', text: 'No' },
    ]);
    const [part] = messages({ role: 'assistant', content: [{ type: 'refusal', refusal: 'No' }] })[0]?.parts ?? [];
    expect(part).toMatchObject({ type: 'refusal', text: 'No' });
  });

  test('sound that was spoken before, by its id', () => {
    expect(messages({ role: 'assistant', content: null, audio: { id: 'audio_1' } })[0]?.parts).toEqual([
      { type: 'audio', source: { kind: 'file', id: 'audio_1', origin: 'openai-chat' } },
    ]);
  });

  test('fields that say nothing are nothing to others', () => {
    const some = { reasoning_content: '', reasoning: '', annotations: [], refusal: null, tool_calls: [], audio: null };
    const [message] = messages({ role: 'assistant', content: 'a', ...some });
    expect(Object.keys(message?.rest?.fields ?? {}).filter((key) => !key.startsWith('$'))).toEqual([]);
    const [second] = messages({ role: 'assistant', content: 'a', reasoning: 'one', reasoning_content: 'another' });
    expect(Object.keys(second?.rest?.fields ?? {})).toContain('reasoning');
  });

  test('fields that nobody knows are kept, and said to be only here', () => {
    const [message] = messages({ role: 'assistant', content: 'a', prefix: true });
    expect(message?.rest?.fields).toEqual({ prefix: true });
  });

  test('images and files where the API takes text only: some servers take them', () => {
    const image = { type: 'image_url', image_url: { url: 'https://a.example/i.png' } };
    messages({ role: 'tool', tool_call_id: 'a', content: [image, { type: 'text', text: 'a' }] });
    messages({ role: 'assistant', content: [image] });
    messages({ role: 'system', content: [image] });
  });
});
