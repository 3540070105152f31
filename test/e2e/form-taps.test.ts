/** What plugins see of sound and forms, and what comes of it when they change something. */
import type { ChatEvent, SetupContext, SpeechResponse } from '@gatewright/core';
import { afterEach, beforeAll, afterAll, expect, test } from 'vitest';
import { fieldsOf, fileOf, noise } from './form-upstream.ts';
import { inlinePlugin, post, startGateway, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream, type Received } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway | undefined;

beforeAll(async () => {
  upstream = await Upstream.start();
});

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

afterAll(() => upstream.stop());

async function running(setup: (context: SetupContext) => void): Promise<TestGateway> {
  gateway = await startGateway({ upstream: upstream.url, plugins: [inlinePlugin('tap', setup)] });
  return gateway;
}

const SOUND = noise(50_000);

function transcribe({ url }: TestGateway, fields: Record<string, string> = {}): Promise<Response> {
  const body = new FormData();
  body.append('file', new File([SOUND], 'a.wav', { type: 'audio/wav' }));
  for (const [name, value] of Object.entries({ model: 'gpt', ...fields })) body.append(name, value);
  return fetch(`${url}/v1/audio/transcriptions`, { method: 'POST', body });
}

test('a tap changes fields of a form; the file goes on as it is, and unknown fields do too', async () => {
  upstream.answer({ headers: JSON_BODY, chunks: ['{"text":"Hi."}'] });
  let seen: unknown;
  const running_ = await running(({ hooks }) => {
    hooks.transform.request.tap('transcription', (request) => {
      seen = request;
      return { ...request, prompt: 'Names: Ada', temperature: 0, timestamps: ['word'] };
    });
  });
  const response = await transcribe(running_, { language: 'en', chunking_strategy: 'auto', 'known[x]': 'y' });
  expect([response.status, await response.json()]).toEqual([200, { text: 'Hi.' }]);
  expect(seen).toEqual({
    model: 'gpt',
    file: { $file: 0, filename: 'a.wav', contentType: 'audio/wav', size: SOUND.length },
    language: 'en',
    stream: false,
    rest: { dialect: 'openai-transcriptions', fields: { chunking_strategy: 'auto', 'known[x]': 'y' } },
  });
  const [received] = upstream.received as [Received];
  expect(await fieldsOf(received)).toEqual({
    model: 'gpt-upstream',
    language: 'en',
    prompt: 'Names: Ada',
    temperature: '0',
    'timestamp_granularities[]': 'word',
    chunking_strategy: 'auto',
    'known[x]': 'y',
  });
  expect((await fileOf(received)).bytes.equals(SOUND)).toBe(true);
});

test('a tap that reads forms refuses one that is not what the dialect allows', async () => {
  upstream.answer({ headers: JSON_BODY, chunks: ['{"text":"Hi."}'] });
  const { url } = await running(({ hooks }) => hooks.transform.request.tap('transcription', (request) => request));
  const body = new FormData();
  body.append('model', 'gpt');
  body.append('file', 'not a file');
  const response = await fetch(`${url}/v1/audio/transcriptions`, { method: 'POST', body });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param: 'file', code: 'GW_BAD_REQUEST' } });
  expect(upstream.received).toEqual([]);
});

test('a tap changes an answer that is JSON, and one that is plain text', async () => {
  const running_ = await running(({ hooks }) => {
    hooks.transform.response.tap('transcription', (response) => ({
      ...response,
      text: response.text.replace('Ada', '[name]'),
    }));
  });
  upstream.answer({ headers: JSON_BODY, chunks: ['{"text":"I am Ada.","words":[1]}'] });
  expect(await (await transcribe(running_)).json()).toEqual({ text: 'I am [name].', words: [1] });
  upstream.answer({ headers: { 'content-type': 'text/vtt' }, chunks: ['WEBVTT\n\nI am Ada.\n'] });
  const response = await transcribe(running_, { response_format: 'vtt' });
  expect([response.headers.get('content-type'), await response.text()]).toEqual([
    'text/vtt',
    'WEBVTT\n\nI am [name].\n',
  ]);
});

test('a tap changes the events of a transcript; the last event has the text that the client saw', async () => {
  const events = [
    { type: 'transcript.text.delta', delta: 'I am ' },
    { type: 'transcript.text.delta', delta: 'Ada' },
    { type: 'transcript.text.segment', id: 'seg_0', text: 'I am' },
    {
      type: 'transcript.text.done',
      text: 'I am Ada',
      usage: { type: 'tokens', input_tokens: 3, output_tokens: 2, total_tokens: 5 },
    },
  ];
  upstream.answer({ headers: EVENT_STREAM, chunks: events.map((event) => `data: ${JSON.stringify(event)}\n\n`) });
  const running_ = await running(({ hooks }) => {
    hooks.transform.event.tap('transcription', () => ({
      event: (event: ChatEvent) =>
        event.type === 'part-delta' && event.delta.kind === 'text'
          ? [{ ...event, delta: { kind: 'text', text: event.delta.text.replace('Ada', '[name]') } }]
          : [event],
      end: () => [{ type: 'part-delta', candidate: 0, index: 0, delta: { kind: 'text', text: '.' } }],
    }));
  });
  const text = await (await transcribe(running_, { stream: 'true' })).text();
  const seen = text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => JSON.parse(frame.slice(6)) as unknown);
  expect(seen).toEqual([
    { type: 'transcript.text.delta', delta: 'I am ' },
    { type: 'transcript.text.delta', delta: '[name]' },
    events[2],
    { type: 'transcript.text.delta', delta: '.' },
    { ...events[3], text: 'I am [name].' },
  ]);
  expect(await running_.record()).toMatchObject({ usage: { input: 3, output: 2 }, result: 'success' });
});

test('a tap sees a whole sound, and may put another in its place', async () => {
  upstream.answer({
    headers: { 'content-type': 'audio/mpeg' },
    chunks: [SOUND.subarray(0, 20_000), SOUND.subarray(20_000)],
  });
  let seen: SpeechResponse | undefined;
  const { url } = await running(({ hooks }) => {
    hooks.transform.response.tap('speech', (response) => {
      seen = response;
      return { contentType: 'audio/wav', audio: Buffer.from('RIFF') };
    });
  });
  const response = await post(`${url}/v1/audio/speech`, { model: 'gpt', input: 'Hi', voice: { id: 'v_1' } });
  expect([response.headers.get('content-type'), await response.text()]).toEqual(['audio/wav', 'RIFF']);
  expect([seen?.contentType, seen?.audio.equals(SOUND)]).toEqual(['audio/mpeg', true]);
});

test('a plugin answers with a sound of its own, and a child asks for one', async () => {
  upstream.answer({ headers: { 'content-type': 'audio/mpeg' }, chunks: ['ID3'] });
  const { url } = await running(({ hooks }) => {
    hooks.call.answer.tap('speech', (request) =>
      request.input === 'cached' ? { response: { contentType: 'audio/flac', audio: Buffer.from('fLaC') } } : undefined,
    );
    hooks.transform.request.tap('chat', async (request, exchange) => {
      const speech = { model: 'gpt', input: 'Hi', stream: false };
      const { audio } = await exchange.spawn<'speech'>(speech, { cause: 'test', operation: 'speech' });
      return { ...request, messages: [{ role: 'user', parts: [{ type: 'text', text: audio.toString() }] }] };
    });
  });
  const response = await post(`${url}/v1/audio/speech`, { model: 'gpt', input: 'cached', stream_format: 'sse' });
  expect([response.headers.get('content-type'), await response.text()]).toEqual(['audio/flac', 'fLaC']);
  await post(`${url}/v1/chat/completions`, { model: 'gpt', messages: [{ role: 'user', content: 'x' }] });
  expect(upstream.received.map(({ path }) => path)).toEqual(['/v1/audio/speech', '/v1/chat/completions']);
  expect(upstream.received[1]?.body.toString()).toContain('"ID3"');
});

test('a child cannot ask for what needs a file', async () => {
  upstream.answer({ headers: JSON_BODY, chunks: ['{}'] });
  let failure: unknown;
  const { url } = await running(({ hooks }) => {
    hooks.transform.request.tap('chat', async (request, exchange) => {
      const file = { $file: 0, size: 1 };
      const asked = { model: 'gpt', file, stream: false };
      await exchange
        .spawn<'transcription'>(asked, { cause: 'test', operation: 'transcription' })
        .catch((error: unknown) => (failure = error));
      return request;
    });
  });
  await post(`${url}/v1/chat/completions`, { model: 'gpt', messages: [{ role: 'user', content: 'x' }] });
  expect(failure).toMatchObject({ code: 'GW_UNSUPPORTED' });
  expect(upstream.received.map(({ path }) => path)).toEqual(['/v1/chat/completions']);
});
