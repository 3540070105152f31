/** The SDKs of the other dialects as clients, and Bedrock's provider behind the gateway. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BedrockStage, CLIENT_KEY, FORECAST, HELLO, THOUGHT } from './bedrock-stage.ts';

let stage: BedrockStage;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  stage = await BedrockStage.open();
  openai = new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: stage.url, apiKey: CLIENT_KEY, maxRetries: 0 });
});

afterAll(() => stage.close());

const model = 'rock';
const schema = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
const description = 'The weather in a city.';

describe("OpenAI's SDK", () => {
  const tools = [{ type: 'function' as const, function: { name: 'get_weather', description, parameters: schema } }];
  const says = (content: string): OpenAI.ChatCompletionMessageParam[] => [{ role: 'user', content }];

  test('text, with usage, an id and the name of the model that was asked for', async () => {
    const messages = [{ role: 'system' as const, content: 'Be kind.' }, ...says('say hello')];
    const answer = await openai.chat.completions.create({ model, messages, max_completion_tokens: 50, stop: 'END' });
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: HELLO } });
    expect(answer.usage).toMatchObject({ prompt_tokens: 21, completion_tokens: 13, total_tokens: 34 });
    expect([answer.id, answer.model]).toEqual([expect.stringMatching(/./), model]);
    const { path = '' } = stage.mock.getRequests().at(-1) ?? {};
    expect(path).toMatch(/\/converse$/);
  });

  test('streamed text with usage', async () => {
    const options = { stream_options: { include_usage: true } };
    const runner = openai.chat.completions.stream({ model, messages: says('say hello'), ...options });
    const answer = await runner.finalChatCompletion();
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: HELLO } });
    expect([answer.usage?.total_tokens, answer.model]).toEqual([34, model]);
    expect(answer.id).not.toBe('');
  });

  test('an answer that is cut short', async () => {
    const answer = await openai.chat.completions.create({ model, messages: says('be cut short') });
    expect(answer.choices[0]?.finish_reason).toBe('length');
  });

  test('two calls at once, streamed and not, and the answer to their results', async () => {
    const messages = says('weather?');
    const whole = await openai.chat.completions.create({ model, messages, tools, tool_choice: 'required' });
    const streamed = await openai.chat.completions.stream({ model, messages, tools }).finalChatCompletion();
    for (const answer of [whole, streamed]) {
      expect(answer.choices[0]?.finish_reason).toBe('tool_calls');
      const calls = answer.choices[0]?.message.tool_calls as OpenAI.ChatCompletionMessageFunctionToolCall[];
      expect(calls.map((call) => JSON.parse(call.function.arguments) as unknown)).toEqual([
        { city: 'Oslo' },
        { city: 'Paris' },
      ]);
    }
    const message = whole.choices[0]?.message as OpenAI.ChatCompletionMessage;
    const results = (message.tool_calls ?? []).map(({ id }, index) => {
      return { role: 'tool' as const, tool_call_id: id, content: `${index} degrees` };
    });
    const last = await openai.chat.completions.create({ model, messages: [...messages, message, ...results], tools });
    expect(last.choices[0]?.message.content).toBe(FORECAST);
  });

  test('an error keeps its status and its message', async () => {
    const failed = openai.chat.completions.create({ model, messages: says('fail') });
    await expect(failed).rejects.toMatchObject({
      status: 429,
      message: expect.stringContaining('Too fast.') as string,
    });
  });

  test('a stream that breaks off ends with an error', async () => {
    const runner = openai.chat.completions.stream({ model, messages: says('break off') });
    await expect(runner.finalChatCompletion()).rejects.toThrow(/broke|ended/);
  });

  test('what Bedrock cannot do is refused with its name', async () => {
    const failed = openai.chat.completions.create({ model, messages: says('say hello'), logprobs: true });
    await expect(failed).rejects.toMatchObject({ status: 400, param: 'logprobs' });
  });
});

describe("Anthropic's SDK", () => {
  const tools = [{ name: 'get_weather', description, input_schema: schema }];
  const ask = (content: string) => ({ model, max_tokens: 4000, messages: [{ role: 'user' as const, content }] });

  test('text, whole and in pieces', async () => {
    const whole = await anthropic.messages.create(ask('say hello'));
    const streamed = await anthropic.messages.stream(ask('say hello')).finalMessage();
    for (const answer of [whole, streamed]) {
      expect(answer.content).toMatchObject([{ type: 'text', text: HELLO }]);
      expect(answer).toMatchObject({ stop_reason: 'end_turn', model, usage: { input_tokens: 21, output_tokens: 13 } });
      expect(answer.id).not.toBe('');
    }
  });

  test('thinking, whole and in pieces', async () => {
    const question = { ...ask('think'), thinking: { type: 'enabled' as const, budget_tokens: 1024 } };
    const whole = await anthropic.messages.create(question);
    const streamed = await anthropic.messages.stream(question).finalMessage();
    for (const { content } of [whole, streamed]) {
      expect(content[0]).toMatchObject({ type: 'thinking', thinking: THOUGHT });
    }
    expect(stage.mock.getRequests().at(-1)?.path).toMatch(/\/converse-stream$/);
  });

  test('two calls at once, streamed and not, and the answer to their results', async () => {
    const question = { ...ask('weather?'), tools };
    const whole = await anthropic.messages.create({ ...question, tool_choice: { type: 'any' } });
    const streamed = await anthropic.messages.stream(question).finalMessage();
    for (const answer of [whole, streamed]) {
      expect(answer.stop_reason).toBe('tool_use');
      const calls = answer.content.filter((block) => block.type === 'tool_use');
      expect(calls.map(({ input }) => input)).toEqual([{ city: 'Oslo' }, { city: 'Paris' }]);
    }
    const results = whole.content.flatMap((block) =>
      block.type === 'tool_use'
        ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: '3 degrees', is_error: true }]
        : [],
    );
    const messages = [
      ...question.messages,
      { role: 'assistant' as const, content: whole.content },
      { role: 'user' as const, content: results },
    ];
    const last = await anthropic.messages.create({ ...question, messages });
    expect(last.content).toMatchObject([{ type: 'text', text: FORECAST }]);
  });

  test('an error keeps its status', async () => {
    await expect(anthropic.messages.create(ask('fail'))).rejects.toMatchObject({ status: 429 });
  });
});
