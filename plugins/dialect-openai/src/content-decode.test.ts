/** Content parts: what they mean, and that they are written as they came. */
import { describe, expect, test } from 'vitest';
import type { JsonObject, Part } from '@gatewright/core';
import { ask, decodeRequest, requestAgain } from './wire.test.kit.ts';

/** The part that stands for a content part, which comes back as it was. */
function part(value: JsonObject): Part | undefined {
  const body = ask({ role: 'user', content: [{ type: 'text', text: 'Look:' }, value] });
  expect(requestAgain(body)).toEqual(body);
  return decodeRequest(body).messages[0]?.parts[1];
}

const bare = (value: JsonObject): unknown => {
  const { rest: _rest, ...read } = part(value) as Part & { rest?: unknown };
  return read;
};

const foreign = (value: JsonObject): string[] =>
  Object.keys(part(value)?.rest?.fields ?? {}).filter((key) => !key.startsWith('$'));

describe('images', () => {
  test('by URL and as data', () => {
    expect(part({ type: 'image_url', image_url: { url: 'https://a.example/i.png' } })).toEqual({
      type: 'image',
      source: { kind: 'url', url: 'https://a.example/i.png' },
    });
    expect(part({ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBOR==', detail: 'high' } })).toEqual({
      type: 'image',
      source: { kind: 'base64', mediaType: 'image/png', data: 'iVBOR==' },
      detail: 'high',
    });
  });

  test('whose detail is what happens anyway, or that are a bare URL', () => {
    const image = { type: 'image', source: { kind: 'url', url: 'https://a.example' } };
    expect(bare({ type: 'image_url', image_url: { url: 'https://a.example', detail: 'auto' } })).toEqual(image);
    expect(bare({ type: 'image_url', image_url: 'https://a.example' })).toEqual(image);
    expect(foreign({ type: 'image_url', image_url: { url: 'https://a.example', detail: 'auto' } })).toEqual([]);
  });

  test('as data that is not base64 stay a URL', () => {
    const url = 'data:image/svg+xml;utf8,<svg/>';
    expect(bare({ type: 'image_url', image_url: { url } })).toEqual({ type: 'image', source: { kind: 'url', url } });
  });

  test('with fields that nobody knows', () => {
    expect(foreign({ type: 'image_url', image_url: { url: 'https://a.example', more: 1 }, other: 2 })).toEqual([
      'image_url',
      'other',
    ]);
  });
});

describe('files', () => {
  const file = (value: JsonObject) => bare({ type: 'file', file: value });

  test('as data, by id, and under a name', () => {
    expect(file({ file_data: 'data:application/pdf;base64,JVBE', filename: 'a.pdf' })).toEqual({
      type: 'document',
      source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
      title: 'a.pdf',
    });
    expect(file({ file_id: 'file-1' })).toEqual({
      type: 'document',
      source: { kind: 'file', id: 'file-1', origin: 'openai-chat' },
    });
  });

  test('as bare base64: the name tells what it is', () => {
    const source = (name?: string) =>
      (file({ file_data: 'QUJD', ...(name ? { filename: name } : {}) }) as { source: unknown }).source;
    expect(source('a.TXT')).toEqual({ kind: 'base64', mediaType: 'text/plain', data: 'QUJD' });
    expect(source()).toEqual({ kind: 'base64', mediaType: 'application/pdf', data: 'QUJD' });
  });

  test('by URL, which some servers fetch', () => {
    expect(file({ file_data: 'https://a.example/a.pdf', filename: 'a.pdf' })).toEqual({
      type: 'document',
      source: { kind: 'url', url: 'https://a.example/a.pdf' },
      title: 'a.pdf',
    });
  });

  test('that are neither, both, or something else are kept whole', () => {
    for (const value of [{}, { file_data: 'QUJD', file_id: 'f' }, { file_id: 'f', more: 1 }]) {
      expect(file(value)).toMatchObject({ type: 'opaque', value: { type: 'file', file: value } });
    }
  });
});

describe('sound', () => {
  test.each([
    ['wav', 'audio/wav'],
    ['mp3', 'audio/mpeg'],
    ['flac', 'audio/flac'],
    ['amr', 'audio/amr'],
  ])('%s', (format, mediaType) => {
    expect(bare({ type: 'input_audio', input_audio: { data: 'UklG', format } })).toEqual({
      type: 'audio',
      source: { kind: 'base64', mediaType, data: 'UklG' },
    });
  });
});

test('parts of types that nobody knows are kept whole', () => {
  const value = { type: 'video_url', video_url: { url: 'https://a.example/v.mp4' } };
  expect(part(value)).toEqual({ type: 'opaque', dialect: 'openai-chat', value });
});

test('a cache breakpoint is a cache mark', () => {
  const value = { type: 'text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit' } };
  expect(part(value)).toMatchObject({ type: 'text', text: 'a', cache: {} });
  expect(foreign(value)).toEqual([]);
});

test('an empty text stays one', () => {
  expect(part({ type: 'text', text: '' })).toEqual({ type: 'text', text: '' });
});
