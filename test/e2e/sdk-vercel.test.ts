/** The Vercel AI SDK through both of its providers against both of ours: text, streams, tool loops and structured output. */
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, generateText, Output, stepCountIs, streamText, tool, type LanguageModel } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SPECS_ABSENCE, specsThere } from './specs.ts';
import { CLIENT_KEY, FORECAST, HELLO, PERSON, Stage, THOUGHT, WEATHER } from './stage.ts';

let stage: Stage;
let languageModel: (surface: Surface, model: string) => LanguageModel;

type Surface = 'openai' | 'anthropic';

beforeAll(async () => {
  stage = await Stage.open();
  const settings = { baseURL: `${stage.url}/v1`, apiKey: CLIENT_KEY };
  const openai = createOpenAI(settings);
  const anthropic = createAnthropic(settings);
  languageModel = (surface, model) => (surface === 'openai' ? openai.chat(model) : anthropic(model));
});
afterAll(() => stage.close());

const WAYS = (['openai', 'anthropic'] as Surface[]).flatMap((surface) =>
  ['gpt', 'claude'].map((model) => ({ surface, model })),
);

const USAGE = { inputTokens: 21, outputTokens: 13, totalTokens: 34 };
const INPUTS = WEATHER.map((call) => JSON.parse(call.arguments) as { city: string; unit: string });

/** The tool that the model calls, and what it was called with. */
function weather(asked: unknown[]) {
  return tool({
    description: 'The weather now.',
    inputSchema: z.object({ city: z.string(), unit: z.string() }),
    execute: (input) => {
      asked.push(input);
      return { degrees: input.city === 'Oslo' ? 3 : 12 };
    },
  });
}

describe.each(WAYS)('$surface to $model', ({ surface, model }) => {
  const ask = (prompt: string) => ({
    model: languageModel(surface, model),
    prompt,
    maxOutputTokens: 99,
    maxRetries: 0,
  });

  test('generateText', async () => {
    const { text, finishReason, usage, warnings } = await generateText({
      ...ask('say hello'),
      instructions: 'Be brief.',
    });
    expect(text).toBe(HELLO);
    expect(finishReason).toBe('stop');
    expect(usage).toMatchObject(USAGE);
    expect(warnings ?? []).toEqual([]);
  });

  test('streamText', async () => {
    const result = streamText({ ...ask('say hello') });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces.join('')).toBe(HELLO);
    expect(pieces.length).toBeGreaterThan(4);
    expect(await result.finishReason).toBe('stop');
    expect(await result.usage).toMatchObject(USAGE);
  });

  test('a tool loop of two steps', async () => {
    const asked: unknown[] = [];
    const { text, steps } = await generateText({
      ...ask('How is the weather?'),
      tools: { get_weather: weather(asked) },
      stopWhen: stepCountIs(3),
    });
    expect(text).toBe(FORECAST);
    expect(asked).toEqual(INPUTS);
    expect(steps.map((step) => step.finishReason)).toEqual(['tool-calls', 'stop']);
  });

  test('a tool loop of two steps, streamed', async () => {
    const asked: unknown[] = [];
    const result = streamText({
      ...ask('How is the weather?'),
      tools: { get_weather: weather(asked) },
      toolChoice: 'auto',
      stopWhen: stepCountIs(3),
    });
    expect(await result.text).toBe(FORECAST);
    expect(asked).toEqual(INPUTS);
    const [first] = await result.steps;
    expect(first?.toolCalls.map(({ toolCallId, input }) => ({ toolCallId, input }))).toEqual(
      WEATHER.map(({ id }, index) => ({ toolCallId: id, input: INPUTS[index] })),
    );
    expect(first?.usage).toMatchObject(USAGE);
  });

  test('structured output', async () => {
    const schema = z.object({ name: z.string(), age: z.number() });
    const { output } = await generateText({ ...ask('Invent a person'), output: Output.object({ schema }) });
    expect(output).toEqual(PERSON);
  });

  test('an error of the provider', async () => {
    stage.mock.nextRequestError(429, { message: 'Slow down.', type: 'rate_limit_error' });
    const error: unknown = await generateText(ask('say hello')).catch((failure: unknown) => failure);
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ statusCode: 429, isRetryable: true, message: 'Slow down.' });
  });
});

describe.each(['claude', 'gpt'])('Anthropic’s provider to %s', (model) => {
  test('reads thinking, whole and streamed', async () => {
    const { text, finalStep } = await generateText({ model: languageModel('anthropic', model), prompt: 'think' });
    expect([finalStep.reasoningText, text]).toEqual([THOUGHT, 'It is 42.']);
    const streamed = streamText({ model: languageModel('anthropic', model), prompt: 'think' });
    expect((await streamed.finalStep).reasoningText).toBe(THOUGHT);
  });
});

describe.skipIf(!specsThere)(`what the providers received${SPECS_ABSENCE}`, () => {
  test('is valid by their own schemas, in every request of this file', () => {
    expect(stage.recorder.requests.length).toBeGreaterThan(30);
    expect(stage.complaints()).toEqual([]);
  });
});
