/** Moderations: inputs of every form, defaults, and answers with what nobody here knows. */
import type { EncodeContext, ModerationRequest } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { expect, test } from 'vitest';
import { moderationCodec } from './codec.ts';

const refused: string[] = [];
const context: EncodeContext = { model: 'm', warn: () => {}, unsupported: (field) => void refused.push(field) };
const parts = [
  { type: 'text', text: 'a' },
  { type: 'image_url', image_url: { url: 'https://x.example/y.png' } },
  { type: 'later', late: 1 },
];

test.each([[{ input: 'a' }], [{ input: ['a', 'b'] }], [{ input: ['a'] }], [{ input: parts, late: 1 }]])(
  'a request comes back the same: %j',
  (body) => {
    const request = moderationCodec.decodeRequest(body, { headers: {} });
    expect(request.model).toBe('omni-moderation-latest');
    expect(moderationCodec.encodeRequest(request, context)).toEqual({ model: 'm', ...body });
  },
);

test('parts are judged as one input, texts one by one', () => {
  const kinds = (input: unknown): string[] =>
    moderationCodec.decodeRequest({ model: 'm', input }, { headers: {} }).inputs.map(({ kind }) => kind);
  expect(kinds(['a', 'b'])).toEqual(['text', 'text']);
  expect(kinds(parts)).toEqual(['parts']);
});

test('several inputs of parts are more than the API takes', () => {
  refused.length = 0;
  const input = { kind: 'parts', parts: [{ type: 'text', text: 'a' }] } as const;
  const request: ModerationRequest = { model: 'x', inputs: [input, { kind: 'text', text: 'b' }] };
  expect(moderationCodec.encodeRequest(request, context)['input']).toEqual(['a', 'b']);
  expect(refused).toEqual(['input[0]']);
});

test('an image of another dialect is written by its address or its bytes', () => {
  const source = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;
  const request: ModerationRequest = { model: 'x', inputs: [{ kind: 'parts', parts: [{ type: 'image', source }] }] };
  expect(moderationCodec.encodeRequest(request, context)['input']).toEqual([
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
  ]);
});

test.each([[{}], [{ input: [] }], [{ input: 5 }], [{ input: [5] }]])('%j is no request', (body) => {
  const bad = expect.objectContaining({ code: 'GW_BAD_REQUEST' });
  expect(() => moderationCodec.decodeRequest(body, { headers: {} })).toThrow(bad);
});

test('the model may be left out, and is put in', () => {
  const outline = outlineOf(Buffer.from('{"input":"a"}'), 64);
  expect(moderationCodec.readHead(outline)).toEqual({ model: 'omni-moderation-latest', stream: false });
  expect(moderationCodec.editRequest(outline, { model: 'm', usage: true }).edits).toHaveLength(1);
});

test('an answer comes back the same, and costs nothing', () => {
  const result = {
    flagged: true,
    categories: { hate: true },
    category_scores: { hate: 0.9 },
    category_applied_input_types: {},
  };
  const body = { id: 'modr-1', model: 'm', results: [result], late: 1 };
  expect(moderationCodec.encodeResponse(moderationCodec.decodeResponse(body), context)).toEqual(body);
  const summary = moderationCodec.summarize(outlineOf(Buffer.from(JSON.stringify(body)), 64));
  expect(summary).toMatchObject({ id: 'modr-1', model: 'm', usage: { input: 0 } });
});

test.each([[{}], [{ results: [{}] }], [{ results: [5] }]])('%j is no answer', (body) => {
  expect(() => moderationCodec.decodeResponse(body)).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
});
