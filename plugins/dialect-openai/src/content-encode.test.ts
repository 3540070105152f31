/** Content of other dialects, written for a provider of this one. */
import { expect, test } from 'vitest';
import type { Part } from '@gatewright/core';
import { messages, rest, said, text } from './foreign.test.kit.ts';

const content = (...parts: Part[]): unknown =>
  (messages({ role: 'user', parts }) as { content: unknown }[])[0]?.content;

test('images', () => {
  expect(
    content(
      { type: 'image', source: { kind: 'url', url: 'https://a.example' }, detail: 'low' },
      { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } },
    ),
  ).toEqual([
    { type: 'image_url', image_url: { url: 'https://a.example', detail: 'low' } },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
  ]);
  expect(said({ type: 'image', source: { kind: 'file', id: 'f' } })[0]).toEqual(['messages[0].content[1]']);
});

test('documents as files', () => {
  const pdf = { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' } as const;
  expect(
    content(
      { type: 'document', source: pdf },
      { type: 'document', source: pdf, title: 'Report', context: 'From 2020.' },
      { type: 'document', source: { kind: 'file', id: 'file-1' } },
    ),
  ).toEqual([
    { type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
    { type: 'text', text: 'From 2020.' },
    { type: 'file', file: { filename: 'Report', file_data: 'data:application/pdf;base64,JVBE' } },
    { type: 'file', file: { file_id: 'file-1' } },
  ]);
});

test('documents as text, under their title', () => {
  const image: Part = { type: 'image', source: { kind: 'url', url: 'https://a.example' } };
  expect(
    content(
      { type: 'document', source: { kind: 'text', mediaType: 'text/plain', text: 'body' }, title: 'T', context: 'C' },
      { type: 'document', source: { kind: 'parts', parts: [text('one'), image] } },
    ),
  ).toEqual([
    { type: 'text', text: 'T' },
    { type: 'text', text: 'C' },
    { type: 'text', text: 'body' },
    { type: 'text', text: 'one' },
    { type: 'image_url', image_url: { url: 'https://a.example' } },
  ]);
});

test('a file that another provider has is refused', () => {
  const file = (origin: string): Part => ({ type: 'document', source: { kind: 'file', id: 'f', origin } });
  expect(said(file('anthropic-messages'))[0]).toEqual(['messages[0].content[1]']);
  expect(content(file('openai-chat'))).toEqual([{ type: 'file', file: { file_id: 'f' } }]);
});

test('a document by URL is refused, and so are fields of it that only another dialect has', () => {
  expect(said({ type: 'document', source: { kind: 'url', url: 'https://a.example' } })[0]).toEqual([
    'messages[0].content[1]',
  ]);
  const part: Part = {
    type: 'document',
    source: { kind: 'file', id: 'f' },
    cache: {},
    rest: rest({ citations: { enabled: true } }),
  };
  expect(said(part)).toEqual([['messages[0].content[1].citations'], ['cache_control']]);
});

test('sound', () => {
  const sound = (mediaType: string): Part => ({ type: 'audio', source: { kind: 'base64', mediaType, data: 'AA' } });
  expect(content(sound('audio/x-wav'), sound('audio/mpeg'))).toEqual([
    { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
    { type: 'input_audio', input_audio: { data: 'AA', format: 'mp3' } },
  ]);
  expect(said(sound('audio/midi'))[0]).toEqual(['messages[0].content[1]']);
  expect(said({ type: 'audio', source: { kind: 'url', url: 'https://a.example' } })[0]).toEqual([
    'messages[0].content[1]',
  ]);
});
