/** Documents of a request: where other dialects have them, and that they come back as they were. */
import type { ChatRequest, JsonObject, Message, Part } from '@gatewright/core';
import { expect, test } from 'vitest';
import { codec, complete } from './wire.test.kit.ts';

const body = (documents: unknown[], messages: unknown[] = [{ role: 'user', content: 'So?' }]): JsonObject => ({
  model: 'm',
  messages,
  documents,
});
const read = (value: JsonObject): ChatRequest => codec.decodeRequest(value, { headers: {} });
const write = (request: ChatRequest): JsonObject => codec.encodeRequest(request, complete('m'));

test('they stand in front of the question, with all that they say', () => {
  const data = { title: 'Penguins', snippet: 'They are tall.', year: 2024 };
  const { messages } = read(body(['Plain.', { id: 'b', data: { text: 'Only text.' } }, { data }]));
  expect(messages[0]?.parts.map((part) => (part.type === 'document' ? [part.title, part.source] : part))).toMatchObject(
    [
      [undefined, { kind: 'text', text: 'Plain.' }],
      [undefined, { text: 'Only text.' }],
      ['Penguins', { text: 'snippet: They are tall.\nyear: 2024' }],
      { type: 'text', text: 'So?' },
    ],
  );
});

test('the question is the last message of the user, and where there is none they stay where they were', () => {
  const turns = [
    { role: 'user', content: 'a' },
    { role: 'user', content: 'b' },
    { role: 'assistant', content: 'c' },
  ];
  const request = read(body(['x'], turns));
  expect(request.messages.map(({ parts }) => parts.length)).toEqual([1, 2, 1]);
  expect(write(request)).toEqual(body(['x'], turns));
  const silent = body(['x'], [{ role: 'system', content: 's' }]);
  expect(read(silent).rest?.fields).toMatchObject({ documents: ['x'] });
  expect(write(read(silent))).toEqual(silent);
});

test('one that a plugin has changed is written with the change', () => {
  const request = read(body(['secret one', { id: 'b', data: { snippet: 'secret two', url: 'u' } }]));
  const masked = (part: Part): Part =>
    part.type === 'document' && part.source.kind === 'text'
      ? { ...part, source: { ...part.source, text: part.source.text.replace('secret', '***') } }
      : part;
  const messages: Message[] = request.messages.map((message) => ({ ...message, parts: message.parts.map(masked) }));
  expect(write({ ...request, messages })['documents']).toEqual([
    '*** one',
    { id: 'b', data: { text: 'snippet: *** two\nurl: u' } },
  ]);
});
