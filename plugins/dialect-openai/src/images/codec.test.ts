/** Images: requests, answers and streams, and what they count. */
import type { ChatEvent, EncodeContext } from '@gatewright/core';
import { Sight } from '@gatewright/core';
import { outlineOf, type Frame } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { imagesCodec } from './codec.ts';

const context: EncodeContext = { model: 'm', warn: () => {}, unsupported: () => {} };
const outline = (body: object): ReturnType<typeof outlineOf> => outlineOf(Buffer.from(JSON.stringify(body)), 64);
const frame = (data: unknown, event = ''): Frame => {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return { event, ascii: text, text: () => text, json: () => JSON.parse(text) as unknown, replacement: '' };
};

const USAGE = {
  input_tokens: 50,
  output_tokens: 1000,
  total_tokens: 1050,
  input_tokens_details: { text_tokens: 10, image_tokens: 40 },
};
const form = { created_at: 7, size: '1024x1024', quality: 'low', background: 'opaque', output_format: 'webp' };
const partial = { type: 'image_generation.partial_image', b64_json: 'AA', partial_image_index: 0, ...form };
const whole = { type: 'image_generation.completed', b64_json: 'BB', ...form, usage: USAGE };

test.each([
  [{ model: 'm', prompt: 'a cat' }],
  [
    {
      model: 'm',
      prompt: 'a',
      n: 2,
      size: 'auto',
      quality: 'hd',
      response_format: 'b64_json',
      output_format: 'png',
      user: 'u',
    },
  ],
  [{ model: 'm', prompt: 'a', stream: true, partial_images: 2, background: 'transparent', moderation: 'low' }],
])('a request comes back the same: %j', (body) => {
  expect(imagesCodec.encodeRequest(imagesCodec.decodeRequest(body, { headers: {} }), context)).toEqual(body);
});

test('a request without a model has the API’s own, and is never asked to tell its usage', () => {
  expect(imagesCodec.decodeRequest({ prompt: 'a' }, { headers: {} }).model).toBe('dall-e-2');
  const body = outline({ prompt: 'a', stream: true });
  expect(imagesCodec.readHead(body)).toEqual({ model: 'dall-e-2', stream: true });
  expect(imagesCodec.editRequest(body, { model: 'm', usage: true })).toMatchObject({ usageInjected: false });
});

test.each([[{}], [{ prompt: 5 }], [{ prompt: 'a', n: 0 }], [{ prompt: 'a', response_format: 'png' }]])(
  '%j is no request',
  (body) => {
    const bad = expect.objectContaining({ code: 'GW_BAD_REQUEST' });
    expect(() => imagesCodec.decodeRequest(body, { headers: {} })).toThrow(bad);
  },
);

describe('an answer', () => {
  const body = {
    created: 7,
    data: [{ b64_json: 'AA', revised_prompt: 'A cat', late: 1 }],
    output_format: 'png',
    usage: USAGE,
  };

  test('comes back the same', () => {
    expect(imagesCodec.encodeResponse(imagesCodec.decodeResponse(body), context)).toEqual(body);
  });

  test('is counted in tokens of each kind, or in images', () => {
    const details = { output_tokens_details: { text_tokens: 200, image_tokens: 800 } };
    const count = (usage?: object): unknown => imagesCodec.summarize(outline({ ...body, usage })).usage;
    expect(count(USAGE)).toMatchObject({ input: 10, imageInput: 40, output: 0, imageOutput: 1000 });
    expect(count({ ...USAGE, ...details })).toMatchObject({ output: 200, imageOutput: 800 });
    expect(count()).toMatchObject({ input: 0, units: { images: 1 } });
  });

  test.each([[{}], [{ data: {} }], [{ data: [5] }]])('%j is none', (none) => {
    expect(() => imagesCodec.decodeResponse(none)).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
  });
});

describe('a stream', () => {
  test('is watched: pictures on the way are content, the whole one is the end', () => {
    const observer = imagesCodec.stream?.observer({ dropUsage: false });
    expect(observer?.see(frame(partial))).toBe(Sight.CONTENT);
    expect(observer?.see(frame(whole))).toBe(Sight.CONTENT | Sight.STOP);
    expect(observer?.summary).toMatchObject({ usage: { imageOutput: 1000 }, stop: { reason: 'stop' } });
    expect(observer?.see(frame('{"type":'))).toBe(Sight.MALFORMED);
    expect(observer?.see(frame({ type: 'keepalive' }))).toBe(Sight.NOTHING);
    expect(observer?.see(frame({ error: { message: 'No.' } }, 'error'))).toBe(Sight.ERROR);
    expect(observer?.summary.error?.message).toBe('No.');
  });

  test('through the neutral form says the same', () => {
    const [decoder, encoder] = [
      imagesCodec.stream?.decoder(),
      imagesCodec.stream?.encoder({ ...context, usage: false, requestId: 'r' }),
    ];
    const events: ChatEvent[] = [];
    for (const data of [partial, whole]) events.push(...(decoder?.push(frame(data)) ?? []));
    const text = [...events, ...(decoder?.end() ?? [])].map((event) => encoder?.push(event)).join('');
    const written = text.split('\n\n').filter((one) => one !== '');
    expect(written.map((one) => /^event: (.+)$/m.exec(one)?.[1])).toEqual([partial.type, whole.type]);
    expect(written.map((one) => JSON.parse(/^data: (.+)$/m.exec(one)?.[1] ?? '') as unknown)).toEqual([partial, whole]);
  });

  test('of an answer by address cannot be made', () => {
    const encoder = imagesCodec.stream?.encoder({ ...context, usage: false, requestId: 'r' });
    const part = { type: 'image', source: { kind: 'url', url: 'https://x.example/y' } } as const;
    expect(() => encoder?.push({ type: 'part-start', candidate: 0, index: 0, part })).toThrow(/address/);
  });
});
