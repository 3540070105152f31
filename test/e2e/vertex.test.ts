/** Vertex AI behind the gateway: one provider, and the model says which dialect goes out. */
import Anthropic from '@anthropic-ai/sdk';
import { LLMock } from '@copilotkit/aimock';
import type { Plugin } from '@gatewright/core';
import dialectGemini from '@gatewright/dialect-gemini';
import providerVertex from '@gatewright/provider-vertex';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateways.ts';
import { readRecordings, RECORDINGS_ABSENCE, recordingsThere } from './recordings.ts';
import { answerOf } from './replay.ts';
import { JSON_BODY, Upstream } from './upstream.ts';

const TOKEN = 'ya29.a0AbVbY6PZ0123456789';
const CLAUDE = 'claude-sonnet-4-5@20250929';
const HELLO = 'Hello from the upstream, how are you today?';
const WEATHER = { id: 'call_oslo', name: 'get_weather', arguments: '{"city":"Oslo"}' };
const PARENT = '/v1/projects/acme/locations/global';

let mock: LLMock;
let upstream: Upstream;
let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;
let google: GoogleGenAI;

beforeAll(async () => {
  mock = new LLMock({ port: 0, chunkSize: 7, logLevel: 'silent' });
  mock.on({ userMessage: 'say hello' }, { content: HELLO });
  mock.on({ userMessage: 'weather', hasToolResult: false }, { toolCalls: [WEATHER] });
  mock.on({ userMessage: 'weather', hasToolResult: true }, { content: 'It has 3 degrees.' });
  await mock.start();
  upstream = await Upstream.start();
  const vertex = (id: string, baseUrl: string) => ({
    use: providerVertex as Plugin,
    id,
    with: { project: 'acme', accessToken: TOKEN, baseUrl },
  });
  const models = {
    gem: { targets: [{ provider: 'vertex', model: 'gemini-upstream' }] },
    claude: { targets: [{ provider: 'scripted', model: CLAUDE }] },
    llama: { targets: [{ provider: 'scripted', model: 'meta/llama-4-maverick-maas' }] },
    mistral: { targets: [{ provider: 'scripted', model: 'mistralai/codestral@2501' }] },
    counted: { targets: [{ provider: 'scripted', model: 'gemini-3-pro' }] },
    any: { targets: [{ provider: 'scripted', model: '../../x' }] },
    embed: { targets: [{ provider: 'scripted', model: 'gemini-embedding-2' }] },
  };
  const plugins = [{ use: dialectGemini as Plugin }, vertex('vertex', mock.url), vertex('scripted', upstream.url)];
  gateway = await startGateway({ upstream: upstream.url, config: { models, plugins } });
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'client-key', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'client-key', maxRetries: 0 });
  google = new GoogleGenAI({ apiKey: 'client-key', httpOptions: { baseUrl: gateway.url } });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
  await mock.stop();
});

const say = (content: string) => [{ role: 'user' as const, content }];

describe('a Gemini model', () => {
  test("answers OpenAI's SDK, whole and streamed", async () => {
    const whole = await openai.chat.completions.create({ model: 'gem', messages: say('say hello') });
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: HELLO } });
    const stream = openai.chat.completions.stream({ model: 'gem', messages: say('say hello') });
    expect(await stream.finalContent()).toBe(HELLO);
  });

  test("calls a tool for Anthropic's SDK, and goes on with its result", async () => {
    const tools = [{ name: 'get_weather', input_schema: { type: 'object' as const, properties: { city: {} } } }];
    const asked = { model: 'gem', max_tokens: 99, tools, messages: say('weather') };
    const first = await anthropic.messages.create(asked);
    const call = first.content.find((block) => block.type === 'tool_use');
    expect(call).toMatchObject({ name: 'get_weather', input: { city: 'Oslo' } });
    const result = [{ type: 'tool_result' as const, tool_use_id: call?.id ?? '', content: '3' }];
    const messages = [
      ...say('weather'),
      { role: 'assistant' as const, content: first.content },
      { role: 'user' as const, content: result },
    ];
    const second = await anthropic.messages.create({ ...asked, messages });
    expect(second.content).toMatchObject([{ type: 'text', text: 'It has 3 degrees.' }]);
  });

  test("answers Google's own SDK", async () => {
    const answer = await google.models.generateContent({ model: 'gem', contents: 'say hello' });
    expect(answer.text).toBe(HELLO);
  });

  test('is counted without the wrapping of the Gemini API', async () => {
    upstream.answer({ headers: JSON_BODY, chunks: ['{"totalTokens":7}'] });
    const counted = await anthropic.messages.countTokens({
      model: 'counted',
      system: 'Be kind.',
      messages: say('Hi.'),
    });
    expect(counted.input_tokens).toBe(7);
    const [request] = upstream.received;
    expect(request?.path).toBe(`${PARENT}/publishers/google/models/gemini-3-pro:countTokens`);
    expect(Object.keys(sentBody()).sort()).toEqual(['contents', 'systemInstruction']);
  });
});

function sentBody(): Record<string, unknown> {
  return JSON.parse(upstream.received[0]?.body.toString() ?? '') as Record<string, unknown>;
}

describe.skipIf(!recordingsThere)(`a Claude model${RECORDINGS_ABSENCE}`, () => {
  const recorded = readRecordings().filter(({ dialect, status }) => dialect === 'anthropic-messages' && status === 200);
  const of = (stream: boolean) =>
    recorded.find((one) => one.stream === stream && /hello|text|1913e018/i.test(one.name)) ??
    recorded.find((one) => one.stream === stream);

  test.each([
    [false, 'rawPredict'],
    [true, 'streamRawPredict'],
  ])("passes to Anthropic's own clients, streamed: %s", async (stream, method) => {
    const one = of(stream);
    if (one === undefined) throw new Error('There is no such recording.');
    upstream.answer(answerOf(one));
    const body = JSON.stringify({ model: 'claude', max_tokens: 9, stream, messages: say('Hello!') });
    const headers = {
      'content-type': 'application/json',
      'x-api-key': 'client-key',
      'anthropic-version': '2023-06-01',
    };
    const response = await fetch(`${gateway.url}/v1/messages`, { method: 'POST', headers, body });
    expect((await response.text()).trimEnd()).toBe(one.body.toString().trimEnd());
    const [request] = upstream.received;
    expect(request?.path).toBe(`${PARENT}/publishers/anthropic/models/${CLAUDE}:${method}`);
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}` });
    expect(request?.headers).not.toHaveProperty('x-api-key');
    expect(sentBody()).toEqual({
      max_tokens: 9,
      stream,
      messages: say('Hello!'),
      anthropic_version: 'vertex-2023-10-16',
    });
  });

  test("answers OpenAI's SDK too", async () => {
    const one = of(true);
    upstream.answer(answerOf(one ?? ({ status: 500, stream: false, body: Buffer.alloc(0) } as never)));
    const stream = openai.chat.completions.stream({ model: 'claude', messages: say('Hello!') });
    const answer = await stream.finalChatCompletion();
    expect(answer.choices[0]?.finish_reason).toMatch(/^(stop|length|tool_calls)$/);
    expect(sentBody()).toMatchObject({ anthropic_version: 'vertex-2023-10-16', stream: true });
    expect(sentBody()).not.toHaveProperty('model');
  });
});

test('an open model is asked in the dialect of OpenAI, by its whole name', async () => {
  const choices = [{ index: 0, message: { role: 'assistant', content: 'Hi.' }, finish_reason: 'stop' }];
  upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify({ choices })] });
  await openai.chat.completions.create({ model: 'llama', messages: say('Hi.') });
  expect(upstream.received[0]?.path).toBe(`${PARENT}/endpoints/openapi/chat/completions`);
  expect(sentBody()).toHaveProperty('model', 'meta/llama-4-maverick-maas');
});

test("a model of Mistral's is asked as Mistral is, by Anthropic's SDK too", async () => {
  const message = { role: 'assistant', content: 'It has 3 degrees.' };
  const usage = { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify({ id: 'm-1', model: 'codestral', choices, usage })] });
  const answer = await anthropic.messages.create({
    model: 'mistral',
    max_tokens: 9,
    tools: [{ name: 'get_weather', input_schema: { type: 'object', properties: { city: {} } } }],
    tool_choice: { type: 'any' },
    messages: [
      ...say('weather'),
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_0123456789', name: 'get_weather', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_0123456789', content: '3' }] },
    ],
  });
  expect(answer.content).toMatchObject([{ type: 'text', text: 'It has 3 degrees.' }]);
  expect(answer.usage).toMatchObject({ input_tokens: 5, output_tokens: 6 });
  expect(upstream.received[0]?.path).toBe(`${PARENT}/publishers/mistralai/models/codestral@2501:rawPredict`);
  const sent = sentBody();
  expect(sent).toMatchObject({ model: 'codestral', max_tokens: 9, tool_choice: 'any' });
  const [, called, result] = sent['messages'] as Record<string, unknown>[];
  expect(called?.['tool_calls']).toMatchObject([{ id: expect.stringMatching(/^[a-zA-Z0-9]{9}$/) }]);
  expect(called?.['tool_calls']).toMatchObject([{ id: result?.['tool_call_id'] }]);
});

test("Google's quota error reaches the client with its wait", async () => {
  const error = {
    code: 429,
    message: 'Resource exhausted.',
    status: 'RESOURCE_EXHAUSTED',
    details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.5s' }],
  };
  upstream.answer({ status: 429, headers: JSON_BODY, chunks: [JSON.stringify([{ error }])] });
  const failure = await openai.chat.completions
    .create({ model: 'counted', messages: say('Hi.') })
    .catch((e: unknown) => e);
  expect(failure).toMatchObject({ status: 429, message: expect.stringContaining('Resource exhausted.') });
  expect((failure as { headers: Headers }).headers.get('retry-after-ms')).toBe('34500');
});

test('a name that is none is refused before anything is sent', async () => {
  upstream.answer({ status: 500 });
  await expect(openai.chat.completions.create({ model: 'any', messages: say('Hi.') })).rejects.toMatchObject({
    status: 400,
  });
  expect(upstream.received).toHaveLength(0);
});

test('embeddings are asked for one content at a time, with their settings where Vertex AI has them', async () => {
  upstream.answer({
    headers: JSON_BODY,
    chunks: ['{"embedding":{"values":[0.5,-1]},"usageMetadata":{"promptTokenCount":3}}'],
  });
  const answer = await openai.embeddings.create({
    model: 'embed',
    input: 'Hello!',
    dimensions: 2,
    encoding_format: 'float',
  });
  expect(answer.data[0]?.embedding).toEqual([0.5, -1]);
  expect(upstream.received[0]?.path).toBe(`${PARENT}/publishers/google/models/gemini-embedding-2:embedContent`);
  expect(sentBody()).toEqual({
    content: expect.objectContaining({ parts: [{ text: 'Hello!' }] }),
    embedContentConfig: { outputDimensionality: 2 },
  });
});
