/** The SDKs of the other dialects as clients, and Gemini's provider behind the gateway. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORECAST, GeminiStage, HELLO } from './gemini-stage.ts';

let stage: GeminiStage;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  stage = await GeminiStage.open();
  openai = new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: 'client-key', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: stage.url, apiKey: 'client-key', maxRetries: 0 });
});

afterAll(() => stage.close());

const model = 'gem';
const schema = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
const description = 'The weather in a city.';

describe("OpenAI's SDK", () => {
  const tools = [{ type: 'function' as const, function: { name: 'get_weather', description, parameters: schema } }];

  test('text, with usage and a reason to stop', async () => {
    const messages = [
      { role: 'system' as const, content: 'Be kind.' },
      { role: 'user' as const, content: 'say hello' },
    ];
    const answer = await openai.chat.completions.create({ model, messages, max_completion_tokens: 50, stop: 'END' });
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: HELLO } });
    expect(answer.usage).toMatchObject({ prompt_tokens: 21, completion_tokens: 13, total_tokens: 34 });
  });

  test.each([
    ['be cut short', 'length'],
    ['be filtered', 'content_filter'],
  ])('%s: %s', async (content, reason) => {
    const messages = [{ role: 'user' as const, content }];
    const answer = await openai.chat.completions.create({ model, messages });
    expect(answer.choices[0]?.finish_reason).toBe(reason);
    const runner = openai.chat.completions.stream({ model, messages });
    runner.on('error', () => undefined);
    const chunks: unknown[] = [];
    for await (const chunk of await openai.chat.completions.create({ model, messages, stream: true })) {
      chunks.push(...chunk.choices.flatMap((choice) => choice.finish_reason ?? []));
    }
    expect(chunks).toEqual([reason]);
  });

  test('streamed text with usage', async () => {
    const runner = openai.chat.completions.stream({
      model,
      messages: [{ role: 'user', content: 'say hello' }],
      stream_options: { include_usage: true },
    });
    const answer = await runner.finalChatCompletion();
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: HELLO } });
    expect(answer.usage?.total_tokens).toBe(34);
  });

  test('two calls at once, streamed and not, and the answer to their results', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'weather?' }];
    const whole = await openai.chat.completions.create({ model, messages, tools, tool_choice: 'required' });
    const streamed = await openai.chat.completions.stream({ model, messages, tools }).finalChatCompletion();
    for (const answer of [whole, streamed]) {
      expect(answer.choices[0]?.finish_reason).toBe('tool_calls');
      const calls = answer.choices[0]?.message.tool_calls as OpenAI.ChatCompletionMessageFunctionToolCall[];
      expect(calls.map((call) => JSON.parse(call.function.arguments))).toEqual([{ city: 'Oslo' }, { city: 'Paris' }]);
      expect(new Set(calls.map((call) => call.id)).size).toBe(2);
    }
    const message = whole.choices[0]?.message as OpenAI.ChatCompletionMessage;
    const results = message.tool_calls?.map(({ id }, index) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content: `${index} degrees`,
    }));
    const last = await openai.chat.completions.create({
      model,
      tools,
      messages: [...messages, message, ...(results ?? [])],
    });
    expect(last.choices[0]?.message.content).toBe(FORECAST);
  });

  test("a provider's error keeps its status and message", async () => {
    const request = openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'fail' }] });
    await expect(request).rejects.toMatchObject({ status: 429, message: expect.stringContaining('Too fast.') });
  });

  test('what Gemini cannot express is refused by its name', async () => {
    const messages = [{ role: 'user' as const, content: 'weather?' }];
    const request = openai.chat.completions.create({ model, messages, tools, parallel_tool_calls: false });
    await expect(request).rejects.toMatchObject({ status: 400, param: 'parallel_tool_calls' });
  });
});

describe("Anthropic's SDK", () => {
  const tools = [{ name: 'get_weather', description, input_schema: schema }];
  const ask = (content: string) => ({ model, max_tokens: 100, messages: [{ role: 'user' as const, content }] });

  test('text, with usage and a reason to stop', async () => {
    const answer = await anthropic.messages.create({ ...ask('say hello'), system: 'Be kind.' });
    expect(answer.content).toMatchObject([{ type: 'text', text: HELLO }]);
    expect(answer).toMatchObject({ stop_reason: 'end_turn', usage: { input_tokens: 21, output_tokens: 13 } });
  });

  test('streamed text', async () => {
    const answer = await anthropic.messages.stream(ask('say hello')).finalMessage();
    expect(answer.content).toMatchObject([{ type: 'text', text: HELLO }]);
    expect(answer).toMatchObject({ stop_reason: 'end_turn', usage: { output_tokens: 13 } });
  });

  test('an answer that is cut short', async () => {
    expect((await anthropic.messages.create(ask('be cut short'))).stop_reason).toBe('max_tokens');
  });

  test('two calls at once, streamed and not, and the answer to their results', async () => {
    const request = { ...ask('weather?'), tools };
    const whole = await anthropic.messages.create(request);
    const streamed = await anthropic.messages.stream(request).finalMessage();
    for (const answer of [whole, streamed]) {
      expect(answer.stop_reason).toBe('tool_use');
      expect(answer.content).toMatchObject([
        { type: 'tool_use', name: 'get_weather', input: { city: 'Oslo' } },
        { type: 'tool_use', name: 'get_weather', input: { city: 'Paris' } },
      ]);
    }
    const results = whole.content.map((block) => ({
      type: 'tool_result' as const,
      tool_use_id: (block as Anthropic.ToolUseBlock).id,
      content: '3 degrees',
    }));
    const last = await anthropic.messages.create({
      ...request,
      messages: [
        ...request.messages,
        { role: 'assistant', content: whole.content as Anthropic.ContentBlockParam[] },
        { role: 'user', content: results },
      ],
    });
    expect(last.content).toMatchObject([{ type: 'text', text: FORECAST }]);
  });
});
