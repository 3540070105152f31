/** Messages of other dialects, written for a provider of this one. */
import { expect, test } from 'vitest';
import type { Part } from '@gatewright/core';
import { messages, request, rest, said, text, user, written } from './foreign.test.kit.ts';
import { dropping } from './wire.test.kit.ts';

test('texts: one is a string, several are parts', () => {
  expect(
    messages(
      { role: 'system', parts: [text('a'), text('b')] },
      { role: 'developer', parts: [text('a')] },
      { role: 'user', parts: [], name: 'ann' },
      { role: 'assistant', parts: [text('a'), text('b')] },
      { role: 'assistant', parts: [] },
    ),
  ).toEqual([
    {
      role: 'system',
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
    { role: 'developer', content: 'a' },
    { role: 'user', content: '', name: 'ann' },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
    { role: 'assistant', content: '' },
  ]);
});

test('results inside a user’s message come first, each as a message, and then what the user said', () => {
  const result = (id: string, ...parts: Part[]): Part => ({ type: 'tool-result', id, parts });
  const call = (id: string): Part => ({ type: 'tool-call', id, name: 'f', arguments: '{}' });
  expect(
    messages(
      user,
      { role: 'assistant', parts: [text('Let me see.'), call('a'), call('b')] },
      {
        role: 'user',
        parts: [text('And?'), result('a', text('1')), result('b', text('2'), text('3')), text('Well?')],
      },
      { role: 'assistant', parts: [call('c')] },
      { role: 'user', parts: [result('c')] },
    ),
  ).toEqual([
    { role: 'user', content: 'Hi' },
    {
      role: 'assistant',
      content: 'Let me see.',
      tool_calls: ['a', 'b'].map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })),
    },
    { role: 'tool', tool_call_id: 'a', content: '1' },
    {
      role: 'tool',
      tool_call_id: 'b',
      content: [
        { type: 'text', text: '2' },
        { type: 'text', text: '3' },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'And?' },
        { type: 'text', text: 'Well?' },
      ],
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: '' },
  ]);
});

test('the text of a failed result is sent; that it failed is warned of', () => {
  const context = dropping();
  const part: Part = { type: 'tool-result', id: 'a', parts: [text('No such file.')], isError: true, cache: {} };
  expect(written(request([{ role: 'user', parts: [part] }]), context)['messages']).toEqual([
    { role: 'tool', tool_call_id: 'a', content: 'No such file.' },
  ]);
  expect(context.warned.toSorted()).toEqual(['cache_control', 'is_error']);
});

test('an image in a result is refused, a text document in it is text', () => {
  const image: Part = { type: 'image', source: { kind: 'url', url: 'https://a.example' } };
  const document: Part = { type: 'document', source: { kind: 'text', mediaType: 'text/plain', text: 'b' } };
  const result: Part = { type: 'tool-result', id: 'a', parts: [text('a'), image, document] };
  const context = dropping();
  expect(written(request([{ role: 'user', parts: [result] }]), context)['messages']).toEqual([
    {
      role: 'tool',
      tool_call_id: 'a',
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
  ]);
  expect(context.dropped).toEqual(['messages[0].content[0].content[1]']);
});

test('a call without arguments has an empty object', () => {
  expect(
    messages({ role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'f', arguments: '' }] }),
  ).toMatchObject([{ tool_calls: [{ function: { arguments: '{}' } }] }]);
});

test('reasoning of this dialect goes on, that of another does not, and that is said', () => {
  const context = dropping();
  const parts: Part[] = [
    { type: 'reasoning', text: 'ours', origin: 'openai-chat' },
    { type: 'reasoning', text: 'theirs', origin: 'acme', signature: 's' },
    text('a'),
  ];
  expect(written(request([{ role: 'assistant', parts }]), context)['messages']).toEqual([
    { role: 'assistant', content: 'a', reasoning_content: 'ours' },
  ]);
  expect([context.dropped, context.warned]).toEqual([[], ['reasoning']]);
});

test('what was spoken is told by its id, where this dialect has one', () => {
  const source = { kind: 'base64', mediaType: 'audio/*', data: 'AA' } as const;
  const own: Part = {
    type: 'audio',
    source,
    transcript: 'a',
    rest: { dialect: 'openai-chat', fields: { id: 'audio_1' } },
  };
  expect(messages({ role: 'assistant', parts: [own] })).toEqual([
    { role: 'assistant', content: null, audio: { id: 'audio_1' } },
  ]);
  expect(said({ type: 'audio', source }, 'assistant')).toEqual([['messages[0].content[1]'], []]);
});

test('a refusal of the history', () => {
  expect(messages({ role: 'assistant', parts: [{ type: 'refusal', text: 'No.' }] })).toEqual([
    { role: 'assistant', content: null, refusal: 'No.' },
  ]);
});

test('what has no place in a message is refused with its path', () => {
  const image: Part = { type: 'image', source: { kind: 'url', url: 'https://a.example' } };
  const at = [['messages[0].content[1]'], []];
  expect(said(image, 'system')).toEqual(at);
  expect(said(image, 'assistant')).toEqual(at);
  expect(said({ type: 'tool-result', id: 'a', parts: [] }, 'assistant')).toEqual(at);
  expect(said({ type: 'tool-call', id: 'a', name: 'f', arguments: '' })).toEqual(at);
  expect(said({ type: 'opaque', dialect: 'acme', value: { type: 'server_tool_use' } }, 'assistant')).toEqual(at);
  expect(said({ type: 'opaque', dialect: 'acme', value: {} })).toEqual(at);
  expect(said({ type: 'text', text: 'b', rest: rest({ x: 1, $y: 2 }) })).toEqual([['messages[0].content[1].x'], []]);
  expect(said({ type: 'text', text: 'b', cache: { ttl: '5m' } })).toEqual([[], ['cache_control']]);
  expect(said({ type: 'text', text: 'b', citations: { dialect: 'acme', items: [{}] } }, 'assistant')).toEqual([
    [],
    ['citations'],
  ]);
  const context = dropping();
  written(request([{ ...user, rest: rest({ z: 1 }) }]), context);
  expect(context.dropped).toEqual(['messages[0].z']);
});
