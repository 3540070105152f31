/** Images made from images, with OpenAI's own SDK as the client and an upstream that keeps what it receives. */
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fieldsOf, noise, partsOf } from './form-upstream.ts';
import { post, startGateway, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream, type Received } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
let client: OpenAI;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await startGateway({ upstream: upstream.url });
  client = new OpenAI({ apiKey: 'client-key', baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});

beforeEach(() => void (gateway.records.length = 0));

afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const USAGE = {
  total_tokens: 300,
  input_tokens: 100,
  output_tokens: 200,
  input_tokens_details: { text_tokens: 10, image_tokens: 90 },
};
const ANSWER = { created: 1_700_000_000, data: [{ b64_json: 'aGVsbG8=' }], usage: USAGE };
const PNG = noise(1_500_000);

const lastForm = (): Received => upstream.received.at(-1) as Received;

test('an edit sends its images and its mask as they are, and all of its settings', async () => {
  upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(ANSWER)] });
  const image = [
    await toFile(PNG, '1.png', { type: 'image/png' }),
    await toFile(PNG.subarray(9), '2.webp', { type: 'image/webp' }),
  ];
  const mask = await toFile(Buffer.from('mask'), 'mask.png', { type: 'image/png' });
  const answer = await client.images.edit({
    image,
    mask,
    prompt: 'A hat, please',
    model: 'gpt',
    n: 2,
    size: '1024x1024',
    quality: 'high',
  });
  expect(answer).toEqual(ANSWER);
  expect(lastForm().path).toBe('/v1/images/edits');
  expect(await fieldsOf(lastForm())).toEqual({
    prompt: 'A hat, please',
    model: 'gpt-upstream',
    n: '2',
    size: '1024x1024',
    quality: 'high',
  });
  // The SDK adds them as they are read: they come in any order.
  const files = new Map<string, [string, string, Buffer]>();
  for (const { name, value } of await partsOf(lastForm())) {
    if (typeof value !== 'string') files.set(value.filename, [name, value.type, value.bytes]);
  }
  expect(files.get('1.png')).toEqual(['image[]', 'image/png', PNG]);
  expect(files.get('2.webp')).toEqual(['image[]', 'image/webp', PNG.subarray(9)]);
  expect(files.get('mask.png')).toEqual(['mask', 'image/png', Buffer.from('mask')]);
  expect(files.size).toBe(3);
  const record = await gateway.record();
  expect(record).toMatchObject({ operation: 'image-edit', usage: { input: 10, imageInput: 90 }, result: 'success' });
});

test('an edit that is streamed comes as events', async () => {
  const events = [
    { type: 'image_edit.partial_image', b64_json: 'aGVs', partial_image_index: 0 },
    { type: 'image_edit.completed', b64_json: 'aGVsbG8=', usage: USAGE },
  ];
  const sent = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  upstream.answer({ headers: EVENT_STREAM, chunks: sent });
  const image = await toFile(PNG, '1.png', { type: 'image/png' });
  const stream = await client.images.edit({ image, prompt: 'A hat', model: 'gpt', stream: true, partial_images: 1 });
  const seen: unknown[] = [];
  for await (const event of stream) seen.push(event);
  expect(seen).toEqual(events);
  expect(await fieldsOf(lastForm())).toMatchObject({ stream: 'true', partial_images: '1' });
  expect(await gateway.record()).toMatchObject({ stream: true, usage: { input: 10, imageInput: 90 } });
});

test('an edit may also be JSON, with addresses in place of files', async () => {
  upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(ANSWER)] });
  const body = { model: 'gpt', prompt: 'A hat', images: [{ image_url: 'https://example.com/1.png' }] };
  const response = await post(`${gateway.url}/v1/images/edits`, body);
  expect([response.status, await response.json()]).toEqual([200, ANSWER]);
  expect(lastForm().headers['content-type']).toBe('application/json');
  expect(JSON.parse(lastForm().body.toString())).toEqual({ ...body, model: 'gpt-upstream' });
});

test('a variation sends its image, also where the model stands in the path only', async () => {
  upstream.answer({ headers: JSON_BODY, chunks: ['{"created":1,"data":[{"url":"https://example.com/2.png"}]}'] });
  const body = new FormData();
  body.append('image', new File([PNG], '1.png', { type: 'image/png' }));
  body.append('response_format', 'url');
  const response = await fetch(`${gateway.url}/openai/deployments/gpt/images/variations?api-version=2025-04-01`, {
    method: 'POST',
    body,
  });
  expect([response.status, await response.json()]).toEqual([
    200,
    { created: 1, data: [{ url: 'https://example.com/2.png' }] },
  ]);
  expect(await fieldsOf(lastForm())).toEqual({ model: 'gpt-upstream', response_format: 'url' });
  expect(await gateway.record()).toMatchObject({
    operation: 'image-variation',
    model: 'gpt',
    usage: { units: { images: 1 } },
  });
});
