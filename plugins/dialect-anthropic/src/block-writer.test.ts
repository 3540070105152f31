/** Parts of other dialects as blocks, towards providers and towards clients. */
import type { JsonObject, Part } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { encodePart, toolId } from './block-writer.ts';
import { dropping } from './wire.test.kit.ts';
import { Writing } from '@gatewright/core/wire';
import { keeper } from './rest.ts';

interface Written {
  readonly block: JsonObject | undefined;
  readonly dropped: readonly string[];
  readonly warned: readonly string[];
}

function write(part: Part, reader: 'provider' | 'client' = 'provider'): Written {
  const notes = dropping();
  const block = encodePart(part, Writing.to(reader, undefined, notes, keeper).at('content').at(0));
  return { block, dropped: notes.dropped, warned: notes.warned };
}

const said = (dropped: string[], warned: string[] = []): object => ({ dropped, warned });

describe('calls', () => {
  const call = (text: string, id = 'call_1'): Part => ({ type: 'tool-call', id, name: 'f', arguments: text });

  test.each([
    ['{"a":[1,{"b":null}]}', { a: [1, { b: null }] }],
    ['', {}],
    ['  ', {}],
  ])('%j is an object', (text, input) => {
    expect(write(call(text))).toMatchObject({
      block: { type: 'tool_use', id: 'call_1', name: 'f', input },
      ...said([]),
    });
  });

  test.each(['{"a":', '[1]', '"text"', 'null'])('%s is none: it is wrapped, and that is said', (text) => {
    expect(write(call(text))).toMatchObject({
      block: { input: { INVALID_JSON: text } },
      ...said([], ['content.0.arguments']),
    });
  });

  test('ids have only the characters that the API takes, the same in call and result', () => {
    expect(write(call('{}', 'functions.f:0')).block?.['id']).toBe('functions_f_0');
    const result = write({ type: 'tool-result', id: 'functions.f:0', parts: [] });
    expect(result.block).toEqual({ type: 'tool_result', tool_use_id: 'functions_f_0' });
    expect(toolId('', false)).toBe('_');
    expect(toolId('functions.f:0', true)).toBe('functions.f:0');
  });
});

describe('results', () => {
  test('are text where they are no more, blocks where they are', () => {
    const result = (...parts: Part[]): Part => ({ type: 'tool-result', id: 't', parts, isError: false });
    expect(write(result({ type: 'text', text: 'ok' })).block).toMatchObject({ content: 'ok', is_error: false });
    expect(write(result({ type: 'text', text: 'ok', cache: {} })).block).toMatchObject({
      content: [{ type: 'text', text: 'ok', cache_control: { type: 'ephemeral' } }],
    });
    expect(write(result({ type: 'text', text: '' })).block).not.toHaveProperty('content');
    expect(
      write(result({ type: 'text', text: 'a' }, { type: 'document', source: { kind: 'file', id: 'f' } })).block,
    ).toMatchObject({
      content: [
        { type: 'text', text: 'a' },
        { type: 'document', source: { type: 'file', file_id: 'f' } },
      ],
    });
  });
});

describe('thinking', () => {
  const foreign: Part = { type: 'reasoning', text: 'hm', signature: 'xyz', origin: 'openai-responses' };

  test('of another never goes to a provider, and that is always said', () => {
    expect(write(foreign)).toEqual({ block: undefined, ...said([], ['content.0']) });
  });

  test('of another is shown to a client without its signature, which is said', () => {
    expect(write(foreign, 'client')).toEqual({
      block: { type: 'thinking', thinking: 'hm', signature: '' },
      ...said([], ['content.0']),
    });
  });

  test('that another has encrypted is shown to nobody', () => {
    const redacted: Part = { type: 'reasoning', text: '', redacted: 'abc', origin: 'openai-responses' };
    expect(write(redacted, 'client')).toEqual({ block: undefined, ...said([], ['content.0']) });
    expect(write(redacted)).toEqual({ block: undefined, ...said([], ['content.0']) });
  });

  test('of this dialect goes back with its signature, wherever the request came from', () => {
    const own: Part = { type: 'reasoning', text: 'hm', signature: 'EqQB', origin: 'anthropic-messages' };
    expect(write(own).block).toEqual({ type: 'thinking', thinking: 'hm', signature: 'EqQB' });
    const redacted: Part = { type: 'reasoning', text: '', redacted: 'Emw', origin: 'anthropic-messages' };
    expect(write(redacted).block).toEqual({ type: 'redacted_thinking', data: 'Emw' });
  });

  test('of this dialect that lost its signature on the way through another is left out', () => {
    const lost: Part = { type: 'reasoning', text: 'hm', origin: 'anthropic-messages' };
    expect(write(lost)).toEqual({ block: undefined, ...said([], ['content.0']) });
  });
});

describe('images and documents', () => {
  test('a level of detail is said, but for the usual one', () => {
    const image = (detail: string): Part => ({ type: 'image', source: { kind: 'url', url: 'u' }, detail });
    expect(write(image('auto'))).toEqual({ block: { type: 'image', source: { type: 'url', url: 'u' } }, ...said([]) });
    expect(write(image('high'))).toMatchObject(said(['content.0.image_url.detail']));
  });

  test('text in base64 goes out as text', () => {
    const data = Buffer.from('naïve').toString('base64');
    const part: Part = { type: 'document', source: { kind: 'base64', mediaType: 'text/markdown', data }, title: 'T' };
    expect(write(part).block).toEqual({
      type: 'document',
      source: { type: 'text', media_type: 'text/plain', data: 'naïve' },
      title: 'T',
    });
  });

  test.each([
    ['image', 'image/bmp'],
    ['image', 'application/pdf'],
    ['document', 'application/msword'],
  ] as const)('an %s that is %s is not sent: the API takes no such data', (type, mediaType) => {
    const part: Part = { type, source: { kind: 'base64', mediaType, data: 'AA' } };
    expect(write(part)).toEqual({ block: undefined, ...said(['content.0']) });
  });

  test('a file that another provider has is not sent, and one that this has is', () => {
    const file = (origin: string): Part => ({ type: 'document', source: { kind: 'file', id: 'f', origin } });
    expect(write(file('openai-chat'))).toEqual({ block: undefined, ...said(['content.0']) });
    expect(write(file('anthropic-messages')).block).toMatchObject({ source: { type: 'file', file_id: 'f' } });
  });

  test('an image that is text cannot be', () => {
    const part: Part = { type: 'image', source: { kind: 'text', mediaType: 'image/svg+xml', text: '<svg/>' } };
    expect(write(part)).toEqual({ block: undefined, ...said(['content.0']) });
  });
});

test.each<[string, Part, string[]]>([
  ['sound', { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: '' } }, ['content.0']],
  ["another dialect's part", { type: 'opaque', dialect: 'gemini', value: { a: 1 } }, ['content.0']],
])('%s cannot be expressed', (_what, part, dropped) => {
  expect(write(part)).toEqual({ block: undefined, ...said(dropped) });
});

test('citations and fields of another dialect are said, and the text stays', () => {
  const part: Part = {
    type: 'text',
    text: 'a',
    citations: { dialect: 'openai-chat', items: [{ type: 'url_citation' }] },
    rest: { dialect: 'openai-chat', fields: { weight: 2, $shape: 'x' } },
  };
  expect(write(part)).toEqual({
    block: { type: 'text', text: 'a' },
    ...said(['content.0.citations', 'content.0.weight']),
  });
});

test('a refusal is text', () => {
  expect(write({ type: 'refusal', text: 'No.' }, 'client').block).toEqual({ type: 'text', text: 'No.' });
  expect(write({ type: 'refusal', text: '' }, 'client').block).toBeUndefined();
});
