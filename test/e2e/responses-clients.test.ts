/** Other clients of responses: Azure's, the Vercel AI SDK's, and what clients send besides text. */
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, Output, stepCountIs, streamText, tool } from 'ai';
import OpenAI, { AzureOpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { MODEL_NAMES, ResponsesStage } from './responses-stage.ts';
import { FORECAST, HELLO, PERSON, THOUGHT, WEATHER } from './stage.ts';

let stage: ResponsesStage;

beforeAll(async () => {
  stage = await ResponsesStage.open();
});
afterAll(() => stage.close());

describe.each(MODEL_NAMES)('Azure’s client and %s', (model) => {
  test('find each other', async () => {
    const client = new AzureOpenAI({
      endpoint: stage.url,
      apiKey: 'k',
      apiVersion: '2025-04-01-preview',
      maxRetries: 0,
    });
    const response = await client.responses.create({ model, input: 'say hello' });
    expect(response.output_text).toBe(HELLO);
    const v1 = new OpenAI({ baseURL: `${stage.url}/openai/v1`, apiKey: 'k', maxRetries: 0 });
    expect((await v1.responses.create({ model, input: 'say hello' })).output_text).toBe(HELLO);
  });
});

const INPUTS = WEATHER.map((call) => JSON.parse(call.arguments) as { city: string });

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

/** Without it, the SDK refers to what was answered by its ids, and counts on the provider to have kept it. */
const providerOptions = { openai: { store: false } };

const vercel = (name: string, prompt: string) => ({
  model: createOpenAI({ baseURL: `${stage.url}/v1`, apiKey: stage.key })(name),
  prompt,
  maxRetries: 0,
  providerOptions,
});

describe.each(MODEL_NAMES)('the Vercel AI SDK and %s', (name) => {
  const ask = (prompt: string) => vercel(name, prompt);
  test('generate text', async () => {
    const { text, finishReason, usage } = await generateText({ ...ask('say hello'), instructions: 'Be brief.' });
    expect([text, finishReason]).toEqual([HELLO, 'stop']);
    expect(usage).toMatchObject({ inputTokens: 21, outputTokens: 13, totalTokens: 34 });
  });

  test('stream text', async () => {
    const result = streamText(ask('say hello'));
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(4);
    expect(pieces.join('')).toBe(HELLO);
    expect(await result.finishReason).toBe('stop');
  });

  test.each([false, true])('call tools until they are done; streamed: %s', async (streamed) => {
    const asked: unknown[] = [];
    const body = { ...ask('weather'), tools: { get_weather: weather(asked) }, stopWhen: stepCountIs(3) };
    const text = streamed ? await streamText(body).text : (await generateText(body)).text;
    expect(text).toBe(FORECAST);
    expect(asked).toEqual(INPUTS);
  });

  test('make objects', async () => {
    const schema = z.object({ name: z.string(), age: z.number() });
    const { output } = await generateText({ ...ask('a person'), output: Output.object({ schema }) });
    expect(output).toEqual(PERSON);
  });
});

test.each(['gpt', 'plain', 'claude'])('the Vercel AI SDK shows the reasoning of %s', async (name) => {
  const { finalStep, text } = await generateText(vercel(name, 'think'));
  expect([finalStep.reasoningText, text]).toEqual([THOUGHT, 'It is 42.']);
  const streamed = streamText(vercel(name, 'think'));
  expect([(await streamed.finalStep).reasoningText, await streamed.text]).toEqual([THOUGHT, 'It is 42.']);
});

describe('what is no text', () => {
  const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const PDF = 'JVBERi0xLjQKJSVFT0YK';

  test.each(MODEL_NAMES)('reaches %s: images and files', async (model) => {
    const client = new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: stage.key, maxRetries: 0 });
    const { output_text: text } = await client.responses.create({
      model,
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_image', image_url: `data:image/png;base64,${PIXEL}`, detail: 'auto' },
            { type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` },
            { type: 'input_text', text: 'say hello' },
          ],
        },
      ],
    });
    expect(text).toBe(HELLO);
    const sent = JSON.stringify(stage.recorder.last.body);
    expect(sent).toContain(PIXEL);
    expect(sent).toContain(PDF);
  });
});

describe('errors', () => {
  const client = () => new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: stage.key, maxRetries: 0 });

  test.each(MODEL_NAMES)('of %s keep their status and message', async (model) => {
    const failing = client().responses.create({ model, input: 'fail' });
    await expect(failing).rejects.toMatchObject({ status: 429, message: expect.stringContaining('Too fast.') });
  });

  test.each([
    [{ model: 'claude', input: 3 }, 400, 'GW_BAD_REQUEST', 'input'],
    [{ model: 'claude', input: [{ role: 'bystander', content: 'x' }] }, 400, 'GW_BAD_REQUEST', 'input[0].role'],
    [{ model: 'claude', input: [{ type: 'function_call', name: 'f' }] }, 400, 'GW_BAD_REQUEST', 'input[0].call_id'],
    [{ model: 'claude', input: 'x', max_output_tokens: 'many' }, 400, 'GW_BAD_REQUEST', 'max_output_tokens'],
    [
      { model: 'claude', input: 'x', text: { format: { type: 'json_schema' } } },
      400,
      'GW_BAD_REQUEST',
      'text.format.schema',
    ],
    [{ model: 'nobody', input: 'x' }, 404, 'GW_UNKNOWN_MODEL', null],
    [{ input: 'x' }, 400, 'GW_BAD_REQUEST', 'model'],
  ])('of %j', async (body, status, code, param) => {
    const failing = client().responses.create(body as OpenAI.Responses.ResponseCreateParamsNonStreaming);
    await expect(failing).rejects.toMatchObject({ status, code, ...(param === null ? {} : { param }) });
  });
});
