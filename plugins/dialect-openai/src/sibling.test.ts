/** What both dialects of the vendor have crosses over, and nothing else does. */
import { spread } from '@gatewright/core';
import { expect, test } from 'vitest';
import { fromChat, fromResponses } from './sibling.ts';
import { responsesCodec } from './responses/codec.ts';
import { codec, decodeRequest, dropping, encodeStream, refusing, thrown } from './wire.test.kit.ts';

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

test('citations of pages have one level more in chat completions, whole and streamed', () => {
  const cited = { type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 1 };
  const { type, ...inner } = cited;
  const file = { type: 'file_citation', file_id: 'f', index: 0 };
  const content = [{ type: 'output_text', text: 'A', annotations: [cited, file], logprobs: [] }];
  const output = [{ id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content }];
  const answer = responsesCodec.decodeResponse({ id: 'resp_1', model: 'm', status: 'completed', output });
  const context = dropping();
  expect(codec.encodeResponse(answer, context)).toMatchObject({
    choices: [{ message: { annotations: [{ type, url_citation: inner }] } }],
  });
  const chunks = encodeStream(spread(answer), { context });
  expect(chunks).toContain(JSON.stringify({ type, url_citation: inner }));
  expect(new Set(context.warned)).toEqual(new Set(['citations']));
});
