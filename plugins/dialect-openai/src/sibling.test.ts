/** What both dialects of the vendor have crosses over, and nothing else does. */
import { expect, test } from 'vitest';
import { fromChat, fromResponses } from './sibling.ts';
import { responsesCodec } from './responses/codec.ts';
import { codec, decodeRequest, dropping, refusing, thrown } from './wire.test.kit.ts';

const response = (body: object) =>
  responsesCodec.decodeRequest({ model: 'm', input: 'Hello', ...body }, { headers: {} });

test('verbosity goes from responses to chat completions, and back', () => {
  const written = codec.encodeRequest(response({ text: { verbosity: 'low' } }), refusing);
  expect(written).toMatchObject({ verbosity: 'low' });
  const back = responsesCodec.encodeRequest(decodeRequest({ ...written, model: 'm' }), refusing);
  expect(back).toMatchObject({ text: { verbosity: 'low' } });
});

test('it joins the format of the answer', () => {
  const body = { response_format: { type: 'json_object' }, verbosity: 'high' };
  const request = decodeRequest({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], ...body });
  expect(responsesCodec.encodeRequest(request, refusing)).toMatchObject({
    text: { format: { type: 'json_object' }, verbosity: 'high' },
  });
});

test('how long a cache is kept goes both ways', () => {
  const request = response({ prompt_cache_retention: '24h' });
  expect(codec.encodeRequest(request, refusing)).toMatchObject({ prompt_cache_retention: '24h' });
});

test('other fields are refused', () => {
  const request = response({ text: { verbosity: 'low' }, x_new: 1 });
  expect(thrown(() => codec.encodeRequest(request, refusing)).details.param).toBe('x_new');
  const context = dropping();
  expect(codec.encodeRequest(request, context)).toMatchObject({ verbosity: 'low' });
  expect(context.dropped).toEqual(['x_new']);
});

test('a rest of another dialect is left alone', () => {
  const rest = { dialect: 'acme', fields: { verbosity: 'low' } };
  expect([fromChat(rest), fromResponses(rest)]).toEqual([
    { fields: {}, rest },
    { fields: {}, rest },
  ]);
  expect(fromChat(undefined)).toEqual({ fields: {}, rest: undefined });
});
