/** Requests for images made from images, in the neutral form and back. */
import type { JsonObject } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { json, refusing, thrown } from '../wire.test.kit.ts';
import { imageEditsCodec, imageVariationsCodec } from './codec.ts';

const image = { $file: 0, filename: '1.png', contentType: 'image/png', size: 3 };
const mask = { ...image, $file: 1 };
const outline = (value: unknown) => outlineOf(Buffer.from(JSON.stringify(value)), 64);
const context = { ...refusing, model: 'm' };

describe('an edit', () => {
  const decode = (value: JsonObject) => imageEditsCodec.decodeRequest(value, { headers: {} });
  const again = (value: JsonObject) => json(imageEditsCodec.encodeRequest(decode(value), context));
  const fields = {
    model: 'm',
    prompt: 'a hat',
    n: '2',
    size: 'auto',
    quality: 'high',
    output_format: 'webp',
    response_format: 'b64_json',
    user: 'u',
    stream: 'true',
    input_fidelity: 'high',
    image,
    mask,
  };

  test('is the same again; what was a text may be a number now', () => {
    expect(decode(fields)).toEqual({
      model: 'm',
      prompt: 'a hat',
      images: [image],
      mask,
      count: 2,
      size: 'auto',
      quality: 'high',
      format: 'webp',
      delivery: 'base64',
      endUser: 'u',
      stream: true,
      rest: { dialect: 'openai-image-edits', fields: { input_fidelity: 'high' } },
    });
    expect(again(fields)).toEqual({ ...fields, n: 2, stream: true });
  });

  test('has its images under one name or several', () => {
    const several = { model: 'm', prompt: 'a hat', 'image[]': [image, mask] };
    expect(again(several)).toEqual(several);
    expect(again({ ...several, 'image[]': [image] })).toEqual({ model: 'm', prompt: 'a hat', image });
  });

  test('in JSON keeps the addresses of its images', () => {
    const body = {
      model: 'm',
      prompt: 'a hat',
      images: [{ file_id: 'f' }],
      mask: { image_url: 'https://x.example' },
      n: 1,
    };
    expect(again(body)).toEqual(body);
  });

  test.each([
    ['no prompt', { prompt: undefined }, 'prompt'],
    ['a text as its image', { image: 'x' }, 'image'],
    ['no number of images', { n: '0' }, 'n'],
    ['another kind of answer', { response_format: 'xml' }, 'response_format'],
  ])('with %s is refused', (_what, change, param) => {
    const wrong = json({ ...fields, ...change }) as JsonObject;
    expect(thrown(() => decode(wrong))).toMatchObject({ code: 'GW_BAD_REQUEST', details: { param } });
  });
});

test('a variation is the same again', () => {
  const fields = { model: 'm', n: '3', response_format: 'url', size: '256x256', more: 'x', image };
  const decoded = imageVariationsCodec.decodeRequest(fields, { headers: {} });
  expect(decoded).toMatchObject({ image, count: 3, delivery: 'url', stream: false });
  expect(json(imageVariationsCodec.encodeRequest(decoded, context))).toEqual({ ...fields, n: 3 });
});

test('a request without a model asks for the one of the API', () => {
  expect(imageEditsCodec.readHead(outline({ prompt: 'x' }))).toEqual({ model: 'gpt-image-1.5', stream: false });
  expect(imageVariationsCodec.readHead(outline({}))).toEqual({ model: 'dall-e-2', stream: false });
  expect(imageVariationsCodec.readHead(outline({ model: 'm' }))).toEqual({ model: 'm', stream: false });
  expect(imageEditsCodec.decodeRequest({ prompt: 'x', image }, { headers: {} }).model).toBe('gpt-image-1.5');
  expect(imageEditsCodec.decodeRequest({ prompt: 'x', image }, { headers: {}, model: 'path' }).model).toBe('path');
});
