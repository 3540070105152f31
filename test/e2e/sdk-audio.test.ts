/** Sound both ways, with OpenAI's own SDK as the client and an upstream that keeps what it receives. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import OpenAI, { AzureOpenAI, toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fieldsOf, fileOf, noise } from './form-upstream.ts';
import { startGateway, type TestGateway } from './gateways.ts';
import { cutBySeed, EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';

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

const SOUND = noise(300_000);
const MP3 = { 'content-type': 'audio/mpeg', 'content-length': String(SOUND.length) };
const speak = { model: 'gpt', voice: 'alloy', input: 'Grüß dich 👋' } as const;

describe('speech', () => {
  test('comes as bytes, with its type and its length', async () => {
    upstream.answer({ headers: MP3, chunks: cutBySeed(SOUND, 1) });
    const response = await client.audio.speech.create({ ...speak, response_format: 'mp3', speed: 1.25 });
    expect(response.headers.get('content-type')).toBe('audio/mpeg');
    expect(response.headers.get('content-length')).toBe(String(SOUND.length));
    expect(response.headers.get('x-gatewright-target')).toBe('openai/gpt-upstream');
    expect(Buffer.from(await response.arrayBuffer()).equals(SOUND)).toBe(true);
    expect(upstream.received[0]?.path).toBe('/v1/audio/speech');
    expect(JSON.parse(upstream.received[0]?.body.toString() ?? '')).toEqual({
      ...speak,
      model: 'gpt-upstream',
      response_format: 'mp3',
      speed: 1.25,
    });
    const record = await gateway.record();
    expect(record).toMatchObject({ operation: 'speech', model: 'gpt', status: 200, result: 'success' });
    expect(record.usage).toMatchObject({ input: 0, audioOutput: 0, units: { characters: 11 } });
    expect(record.attempts).toHaveLength(1);
  });

  test('comes as it is made: the first bytes before the last are there', async () => {
    upstream.answer({ headers: { 'content-type': 'audio/wav' }, chunks: [SOUND.subarray(0, 500)], end: 'hang' });
    const response = await client.audio.speech.create({ ...speak, response_format: 'wav' });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const first = await reader.read();
    expect(Buffer.from(first.value ?? []).equals(SOUND.subarray(0, 500))).toBe(true);
    await reader.cancel();
    expect(await upstream.received[0]?.aborted).toBe(true);
    expect(await gateway.record()).toMatchObject({ result: 'client-gone', status: 200 });
  });

  test('comes as events, with usage at the end', async () => {
    const events = [
      { type: 'speech.audio.delta', audio: SOUND.toString('base64', 0, 3000) },
      { type: 'speech.audio.delta', audio: SOUND.toString('base64', 3000, 6000) },
      { type: 'speech.audio.done', usage: { input_tokens: 7, output_tokens: 101, total_tokens: 108 } },
    ];
    const sent = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    upstream.answer({ headers: EVENT_STREAM, chunks: cutBySeed(Buffer.from(sent), 3) });
    const response = await client.audio.speech.create({ ...speak, stream_format: 'sse' });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(await response.text()).toBe(sent);
    const record = await gateway.record();
    expect(record).toMatchObject({ stream: true, result: 'success', usage: { input: 7, audioOutput: 101 } });
    expect(record.attempts[0]).toMatchObject({ usageComplete: true, stop: 'stop' });
  });
});

test('speech comes as bytes where a model knows no events', async () => {
  upstream.answer({ headers: MP3, chunks: [SOUND] });
  const response = await client.audio.speech.create({ ...speak, stream_format: 'sse' });
  expect(response.headers.get('content-type')).toBe('audio/mpeg');
  expect(Buffer.from(await response.arrayBuffer()).equals(SOUND)).toBe(true);
  expect(await gateway.record()).toMatchObject({ result: 'success', usage: { units: { characters: 11 } } });
});

const TRANSCRIPT = {
  text: 'Hello there.',
  usage: {
    type: 'tokens',
    input_tokens: 20,
    output_tokens: 5,
    total_tokens: 25,
    input_token_details: { text_tokens: 4, audio_tokens: 16 },
  },
};

describe('transcription', () => {
  test('takes a file from memory, behind or before the model', async () => {
    upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(TRANSCRIPT)] });
    const file = await toFile(SOUND, 'naïve "a".wav', { type: 'audio/wav' });
    const answers = [
      await client.audio.transcriptions.create({ file, model: 'gpt', language: 'en', temperature: 0.2 }),
      await client.audio.transcriptions.create({ model: 'gpt', language: 'en', temperature: 0.2, file }),
    ];
    expect(answers).toEqual([TRANSCRIPT, TRANSCRIPT]);
    for (const received of upstream.received) {
      expect(received.path).toBe('/v1/audio/transcriptions');
      expect(received.headers['content-length']).toBe(String(received.body.length));
      expect(await fieldsOf(received)).toEqual({ model: 'gpt-upstream', language: 'en', temperature: '0.2' });
      const { bytes, ...rest } = await fileOf(received);
      expect(bytes.equals(SOUND)).toBe(true);
      expect(rest).toEqual({ filename: 'naïve "a".wav', type: 'audio/wav' });
    }
    const record = await gateway.record(1);
    expect(record).toMatchObject({
      operation: 'transcription',
      model: 'gpt',
      usage: { input: 4, audioInput: 16, output: 5 },
    });
  });

  test('takes a file as a stream from disk, larger than what is kept in memory', async () => {
    upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(TRANSCRIPT)] });
    const folder = await mkdtemp(join(tmpdir(), 'sdk-audio-'));
    const bytes = noise(5_000_000);
    await writeFile(join(folder, 'talk.mp3'), bytes);
    await client.audio.transcriptions.create({ file: createReadStream(join(folder, 'talk.mp3')), model: 'gpt' });
    const received = await fileOf(upstream.received[0] as never);
    expect([received.filename, received.bytes.equals(bytes)]).toEqual(['talk.mp3', true]);
    await rm(folder, { recursive: true });
  });

  test.each([
    ['text', 'text/plain; charset=utf-8', 'Hello there.\n'],
    ['srt', 'text/plain; charset=utf-8', '1\n00:00:00,000 --> 00:00:01,000\nHellö there.\n\n'],
    ['vtt', 'text/vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello there.\n\n'],
    ['text', 'text/plain', ''],
  ] as const)('answers in %s as it came', async (format, type, text) => {
    upstream.answer({ headers: { 'content-type': type }, chunks: cutBySeed(Buffer.from(text), 5) });
    const file = await toFile(SOUND, 'a.wav');
    const answer: unknown = await client.audio.transcriptions.create({ file, model: 'gpt', response_format: format });
    expect(answer).toBe(text);
    expect(await fieldsOf(upstream.received[0] as never)).toMatchObject({ response_format: format });
    expect(await gateway.record()).toMatchObject({ status: 200, result: 'success' });
  });

  test('answers in verbose JSON, with words and segments, and is billed by its seconds', async () => {
    const verbose = {
      task: 'transcribe',
      language: 'english',
      duration: 8.47,
      text: 'Hi.',
      words: [{ word: 'Hi', start: 0, end: 0.5 }],
      usage: { type: 'duration', seconds: 9 },
    };
    upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(verbose)] });
    const answer = await client.audio.transcriptions.create({
      file: await toFile(SOUND, 'a.wav'),
      model: 'gpt',
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    });
    expect(answer).toEqual(verbose);
    expect(await fieldsOf(upstream.received[0] as never)).toMatchObject({
      'timestamp_granularities[]': ['word', 'segment'],
    });
    expect(await gateway.record()).toMatchObject({ usage: { units: { seconds: 9 } } });
  });

  test('comes as events, with usage in the last', async () => {
    const events = [
      { type: 'transcript.text.delta', delta: 'Hello ' },
      { type: 'transcript.text.delta', delta: 'there.', logprobs: [] },
      { type: 'transcript.text.done', ...TRANSCRIPT },
    ];
    const sent = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    upstream.answer({ headers: EVENT_STREAM, chunks: cutBySeed(Buffer.from(`${sent}data: [DONE]\n\n`), 2) });
    const stream = await client.audio.transcriptions.create({
      file: await toFile(SOUND, 'a.wav'),
      model: 'gpt',
      stream: true,
    });
    const seen: unknown[] = [];
    for await (const event of stream) seen.push(event);
    expect(seen).toEqual(events);
    expect(await fieldsOf(upstream.received[0] as never)).toMatchObject({ stream: 'true' });
    expect(await gateway.record()).toMatchObject({ stream: true, usage: { input: 4, audioInput: 16, output: 5 } });
  });

  test('answers whole where a model takes no notice of the wish for a stream', async () => {
    upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify({ text: 'Hi.' })] });
    const body = new FormData();
    body.append('file', new File([SOUND], 'a.wav'));
    body.append('model', 'gpt');
    body.append('stream', 'true');
    const response = await fetch(`${gateway.url}/audio/transcriptions`, { method: 'POST', body });
    expect([response.status, await response.json()]).toEqual([200, { text: 'Hi.' }]);
  });
});

test('an answer that is packed is unpacked, and its length is not that of the packed one', async () => {
  const text = 'WEBVTT\n\n'.repeat(1000);
  const packed = gzipSync(text);
  const headers = { 'content-type': 'text/vtt', 'content-encoding': 'gzip', 'content-length': String(packed.length) };
  upstream.answer({ headers, chunks: [packed] });
  const file = await toFile(SOUND, 'a.wav');
  const answer: unknown = await client.audio.transcriptions.create({ file, model: 'gpt', response_format: 'vtt' });
  expect(answer).toBe(text);
});

test("Azure's own client names the model in the path", async () => {
  upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(TRANSCRIPT)] });
  const azure = new AzureOpenAI({
    endpoint: gateway.url,
    apiKey: 'k',
    apiVersion: '2025-04-01-preview',
    maxRetries: 0,
  });
  const file = await toFile(SOUND, 'a.wav');
  expect(await azure.audio.transcriptions.create({ file, model: 'gpt' })).toEqual(TRANSCRIPT);
  expect(await gateway.record()).toMatchObject({ surface: 'openai-transcriptions-deployment', model: 'gpt' });
  expect((await fileOf(upstream.received[0] as never)).bytes.equals(SOUND)).toBe(true);
});

test('translation answers in English, under its own path', async () => {
  upstream.answer({ headers: JSON_BODY, chunks: ['{"text":"Good day."}'] });
  // oxlint-disable-next-line typescript/no-deprecated -- clients use it all the same
  const answer = await client.audio.translations.create({
    file: await toFile(SOUND, 'a.wav'),
    model: 'gpt',
    prompt: 'x',
  });
  expect(answer).toEqual({ text: 'Good day.' });
  expect(upstream.received[0]?.path).toBe('/v1/audio/translations');
  expect(await fieldsOf(upstream.received[0] as never)).toEqual({ model: 'gpt-upstream', prompt: 'x' });
  expect(await gateway.record()).toMatchObject({ operation: 'translation' });
});
