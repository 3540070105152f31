/** Sound and images without a network: OpenAI's SDK and a request without a socket, answered by the simulated provider. */
import type { Plugin } from '@gatewright/core';
import simulated from '@gatewright/provider-simulated';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noise } from './form-upstream.ts';
import { startGateway, type TestGateway } from './gateways.ts';

let gateway: TestGateway;
let client: OpenAI;

beforeAll(async () => {
  const models = {
    sim: { targets: [{ provider: 'simulated', model: 'sim' }] },
    shaky: { targets: [{ provider: 'simulated', model: 'flaky-1' }], retries: 1 },
  };
  const plugins = [{ use: simulated as Plugin, with: { tokensPerSecond: 0, firstTokenDelay: 0 } }];
  gateway = await startGateway({ upstream: 'http://127.0.0.1:9', config: { models, plugins } });
  client = new OpenAI({ apiKey: 'k', baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});

afterAll(() => gateway.close());

const file = () => toFile(noise(1_500_000), 'talk.wav');

test('speech is a WAV', async () => {
  const response = await client.audio.speech.create({ model: 'sim', input: 'Hello', voice: 'alloy' });
  const bytes = Buffer.from(await response.arrayBuffer());
  expect([response.headers.get('content-type'), bytes.toString('latin1', 0, 4)]).toEqual(['audio/wav', 'RIFF']);
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
});

test('a transcript comes in subtitles, as events, and at the second try', async () => {
  const srt: unknown = await client.audio.transcriptions.create({
    file: await file(),
    model: 'sim',
    response_format: 'srt',
  });
  expect(srt).toMatch(/^1\n00:00:00,000 --> 00:01:33,750\nThis is a simulated transcript of the file talk\.wav/);
  const stream = await client.audio.transcriptions.create({ file: await file(), model: 'sim', stream: true });
  let text = '';
  for await (const event of stream) if (event.type === 'transcript.text.delta') text += event.delta;
  expect(text).toContain('talk.wav');
  const again = await client.audio.transcriptions.create({ file: await file(), model: 'shaky' });
  expect(again.text).toBe(text);
});

test('an edit is a picture', async () => {
  const { data, usage } = await client.images.edit({ image: await file(), prompt: 'A hat', model: 'sim' });
  expect(Buffer.from(data?.[0]?.b64_json ?? '', 'base64').toString('latin1', 1, 4)).toBe('PNG');
  expect(usage?.output_tokens).toBeGreaterThan(0);
});

test('a form needs no socket', async () => {
  const form = new Response(new FormData());
  const boundary = /boundary=(.*)$/.exec(form.headers.get('content-type') ?? '')?.[1] ?? '';
  const part = (head: string, value: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
  const payload = `${part('name="file"; filename="a.wav"', 'x'.repeat(2_000_000))}${part('name="model"', 'sim')}--${boundary}--`;
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  const reply = await gateway.gateway.inject({ method: 'POST', url: '/v1/audio/translations', payload, headers });
  expect([reply.statusCode, reply.json()]).toMatchObject([200, { text: expect.stringContaining('a.wav') as string }]);
});
