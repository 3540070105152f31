/** Ollama behind the gateway, for every client; and Ollama's own client in front of every provider. */
import Anthropic from '@anthropic-ai/sdk';
import { LLMock } from '@copilotkit/aimock';
import type { Plugin } from '@gatewright/core';
import dialectOllama from '@gatewright/dialect-ollama';
import providerOllama from '@gatewright/provider-ollama';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateways.ts';
import { Recorder } from './recorder.ts';
import { JSON_BODY, Upstream } from './upstream.ts';

const HELLO = 'Hello from the upstream, how are you today?';
const WEATHER = { id: 'call_oslo', name: 'get_weather', arguments: '{"city":"Oslo"}' };
const LINES = { 'content-type': 'application/x-ndjson' };

let mock: LLMock;
let recorder: Recorder;
let scripted: Upstream;
let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;
let ollama: Ollama;

beforeAll(async () => {
  mock = new LLMock({ port: 0, chunkSize: 7, logLevel: 'silent' });
  mock.on({ userMessage: 'say hello' }, { content: HELLO });
  mock.on({ userMessage: 'weather', hasToolResult: false }, { toolCalls: [WEATHER] });
  mock.on({ userMessage: 'weather', hasToolResult: true }, { content: 'It has 3 degrees.' });
  await mock.start();
  recorder = await Recorder.start(mock.url);
  scripted = await Upstream.start();
  const provider = (id: string, options: Record<string, unknown>) => ({
    use: providerOllama as Plugin,
    id,
    with: options,
  });
  gateway = await startGateway({
    upstream: mock.url,
    config: {
      models: {
        local: { targets: [{ provider: 'ollama', model: 'llama3.2' }] },
        scripted: { targets: [{ provider: 'scripted', model: 'llama3.2' }] },
        gone: { targets: [{ provider: 'gone', model: 'llama3.2' }] },
        gpt: { targets: [{ provider: 'openai', model: 'gpt-upstream' }] },
        claude: { targets: [{ provider: 'anthropic', model: 'claude-upstream' }] },
      },
      plugins: [
        { use: dialectOllama as Plugin },
        provider('ollama', { baseUrl: recorder.url, numCtx: 8192, keepAlive: '10m' }),
        provider('scripted', { baseUrl: scripted.url }),
        provider('gone', { baseUrl: 'http://127.0.0.1:9' }),
      ],
    },
  });
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'client-key', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'client-key', maxRetries: 0 });
  ollama = new Ollama({ host: gateway.url });
});
afterAll(async () => {
  await gateway.close();
  await scripted.stop();
  await recorder.stop();
  await mock.stop();
});

const say = (content: string) => [{ role: 'user' as const, content }];
const parameters = { type: 'object', properties: { city: { type: 'string' } } };

async function streamed(model: string, content: string): Promise<{ text: string; last: unknown }> {
  let text = '';
  let last: unknown;
  for await (const piece of await ollama.chat({ model, messages: say(content), stream: true })) {
    text += piece.message.content;
    last = piece;
  }
  return { text, last };
}

describe("Ollama's server", () => {
  test("answers OpenAI's SDK, with the context and the patience that were configured", async () => {
    const whole = await openai.chat.completions.create({
      model: 'local',
      messages: say('say hello'),
      max_completion_tokens: 50,
    });
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: HELLO } });
    expect(recorder.last.path).toBe('/api/chat');
    expect(recorder.last.body).toMatchObject({
      model: 'llama3.2',
      stream: false,
      keep_alive: '10m',
      options: { num_ctx: 8192, num_predict: 50 },
    });
    const stream = openai.chat.completions.stream({ model: 'local', messages: say('say hello') });
    expect(await stream.finalContent()).toBe(HELLO);
  });

  test("calls a tool for Anthropic's SDK, and goes on with its result", async () => {
    const tools = [{ name: 'get_weather', input_schema: { ...parameters, type: 'object' as const } }];
    const asked = { model: 'local', max_tokens: 99, tools };
    const first = await anthropic.messages.stream({ ...asked, messages: say('weather') }).finalMessage();
    const call = first.content.find((block) => block.type === 'tool_use');
    expect(first.stop_reason).toBe('tool_use');
    expect(call).toMatchObject({ name: 'get_weather', input: { city: 'Oslo' } });
    const result = [{ type: 'tool_result' as const, tool_use_id: call?.id ?? '', content: '3' }];
    const messages = [
      ...say('weather'),
      { role: 'assistant' as const, content: first.content },
      { role: 'user' as const, content: result },
    ];
    const second = await anthropic.messages.create({ ...asked, messages });
    expect(second.content).toMatchObject([{ type: 'text', text: 'It has 3 degrees.' }]);
    expect(recorder.last.body['messages']).toMatchObject([
      {},
      { tool_calls: [{ function: { name: 'get_weather', arguments: { city: 'Oslo' } } }] },
      { role: 'tool', content: '3', tool_name: 'get_weather' },
    ]);
  });

  test('that does not run is told apart from one that fails', async () => {
    const failure = await openai.chat.completions
      .create({ model: 'gone', messages: say('Hi.') })
      .catch((e: unknown) => e);
    expect(failure).toMatchObject({ status: 502, code: 'GW_UPSTREAM_UNREACHABLE' });
    expect((failure as Error).message).toContain('Start it with "ollama serve"');
  });

  test('without the model says how to get it', async () => {
    scripted.answer({ status: 404, headers: JSON_BODY, chunks: ['{"error":"model \'llama3.2\' not found"}'] });
    const failure = await openai.chat.completions
      .create({ model: 'scripted', messages: say('Hi.') })
      .catch((e: unknown) => e);
    expect(failure).toMatchObject({ status: 404, code: 'model_not_found' });
    expect((failure as Error).message).toContain('ollama pull llama3.2');
  });

  test('may fail in the middle of a stream, or just end: neither looks like an answer', async () => {
    const begun = '{"model":"llama3.2","message":{"role":"assistant","content":"Hel"},"done":false}\n';
    for (const [rest, reason] of [
      ['{"error":"llama runner process has terminated"}\n', /runner process has terminated/],
      ['', /./],
    ] as const) {
      scripted.answer({ headers: LINES, chunks: [begun, rest] });
      await expect(
        openai.chat.completions.stream({ model: 'scripted', messages: say('Hi.') }).finalContent(),
      ).rejects.toThrow(reason);
      scripted.answer({ headers: LINES, chunks: [begun, rest] });
      await expect(streamed('scripted', 'Hi.')).rejects.toThrow(reason);
    }
  });
});

describe("Ollama's client", () => {
  test.each(['local', 'gpt', 'claude'])('is served by %s, whole and streamed', async (model) => {
    const whole = await ollama.chat({ model, messages: say('say hello'), options: { num_ctx: 4096 } });
    expect(whole).toMatchObject({ message: { role: 'assistant', content: HELLO }, done: true, done_reason: 'stop' });
    const { text, last } = await streamed(model, 'say hello');
    expect(text).toBe(HELLO);
    expect(last).toMatchObject({ done: true, done_reason: 'stop' });
  });

  test.each(['local', 'gpt', 'claude'])('gets the calls of %s, and sends their results', async (model) => {
    const tools = [{ type: 'function', function: { name: 'get_weather', description: 'The weather.', parameters } }];
    const first = await ollama.chat({ model, messages: say('weather'), tools });
    expect(first.message.tool_calls).toMatchObject([
      { function: { name: 'get_weather', arguments: { city: 'Oslo' } } },
    ]);
    const result = { role: 'tool', content: '3', tool_name: 'get_weather' };
    const second = await ollama.chat({ model, messages: [...say('weather'), first.message, result], tools });
    expect(second.message.content).toBe('It has 3 degrees.');
  });

  test('gets the bytes of its own server, and sends its own', async () => {
    const line = {
      model: 'llama3.2',
      created_at: '2026-08-04T08:52:19Z',
      message: { role: 'assistant', content: 'Hi.' },
    };
    const body = `${JSON.stringify({ ...line, done: false })}\n${JSON.stringify({ ...line, done: true, done_reason: 'stop', eval_count: 3, prompt_eval_count: 4 })}\n`;
    scripted.answer({ headers: LINES, chunks: [body.slice(0, 30), body.slice(30)] });
    const asked = '{"keep_alive":-1, "model":"scripted","messages":[]}';
    const response = await fetch(`${gateway.url}/api/chat`, { method: 'POST', headers: JSON_BODY, body: asked });
    expect(await response.text()).toBe(body);
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    expect(scripted.received[0]?.body.toString()).toBe(asked.replace('"scripted"', '"llama3.2"'));
    expect(gateway.records.at(-1)?.usage).toMatchObject({ input: 4, output: 3 });
  });

  test('is told what is wrong in its own words', async () => {
    await expect(ollama.chat({ model: 'nobody', messages: [] })).rejects.toMatchObject({
      status_code: 404,
      message: expect.stringContaining('The model "nobody" is not configured.'),
    });
  });
});
