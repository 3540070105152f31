/** The official OpenAI client of responses against providers that speak them, and others: text, tools, reasoning, structured output. */
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { FOREIGN, MODEL_NAMES, ResponsesStage } from './responses-stage.ts';
import { SPECS_ABSENCE, specsThere, violations } from './specs.ts';
import { FORECAST, HELLO, PERSON, THOUGHT, WEATHER } from './stage.ts';

let stage: ResponsesStage;
let client: OpenAI;

beforeAll(async () => {
  stage = await ResponsesStage.open();
  client = new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: stage.key, maxRetries: 0 });
});
afterAll(() => stage.close());

const USAGE = { input_tokens: 21, output_tokens: 13, total_tokens: 34 };

const CITY = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { enum: ['celsius', 'fahrenheit'] } },
  required: ['city'],
};
const TOOLS: OpenAI.Responses.FunctionTool[] = [
  { type: 'function', name: 'get_weather', description: 'The weather now.', parameters: CITY, strict: false },
  { type: 'function', name: 'look', description: 'Look around.', parameters: null, strict: null },
];

type Item = OpenAI.Responses.ResponseOutputItem;
const isCall = (item: Item): item is OpenAI.Responses.ResponseFunctionToolCall => item.type === 'function_call';
const isThought = (item: Item): item is OpenAI.Responses.ResponseReasoningItem => item.type === 'reasoning';

/** All events of a stream, and the answer that the client's helper made of them. */
async function streamed(body: Parameters<typeof client.responses.stream>[0]) {
  const events: OpenAI.Responses.ResponseStreamEvent[] = [];
  const stream = client.responses.stream(body);
  for await (const event of stream) events.push(event);
  return { events, response: await stream.finalResponse() };
}

describe.each(MODEL_NAMES)('text from %s', (model) => {
  const body = { model, instructions: 'Be brief.', input: 'say hello', temperature: 0.5 };

  test('arrives whole', async () => {
    const { data, response } = await client.responses.create(body).withResponse();
    expect(data.output_text).toBe(HELLO);
    expect(data).toMatchObject({ object: 'response', status: 'completed', usage: USAGE });
    expect(data.output.map(({ type }) => type)).toEqual(['message']);
    expect(response.headers.get('x-gatewright-request-id')).toMatch(/^gw_/);
    expect(response.headers.get('x-gatewright-warning')).toBeNull();
  });

  test('arrives in pieces that the client puts together', async () => {
    const { events, response } = await streamed(body);
    expect(response.output_text).toBe(HELLO);
    expect(response).toMatchObject({ status: 'completed', usage: USAGE });
    const types = events.map(({ type }) => type);
    expect(types[0]).toBe('response.created');
    expect(types.at(-1)).toBe('response.completed');
    expect(types.filter((type) => type === 'response.output_text.delta').length).toBeGreaterThan(4);
    // The upstream that stands in for the vendor numbers nothing, and its events pass untouched.
    const numbers = model === 'gpt' ? events.map(() => undefined) : events.map((_, index) => index);
    expect(events.map((event) => event.sequence_number)).toEqual(numbers);
  });

  test.each([false, true])('that was cut short says so; streamed: %s', async (stream) => {
    const asked = { model, input: 'be cut short', max_output_tokens: 16 };
    const response = stream ? (await streamed(asked)).response : await client.responses.create(asked);
    expect(response.status).toBe('incomplete');
    if (model !== 'gpt') expect(response.incomplete_details).toEqual({ reason: 'max_output_tokens' });
    expect(response.output_text).toBe('This is as far as');
  });
});

describe.each(MODEL_NAMES)('tools of %s', (model) => {
  test.each([false, true])('are called in parallel, and answered; streamed: %s', async (stream) => {
    const input: OpenAI.Responses.ResponseInputItem[] = [{ role: 'user', content: 'weather' }];
    const body = { model, input, tools: TOOLS, parallel_tool_calls: true, store: false };
    const ask = async (): Promise<OpenAI.Responses.Response> =>
      stream ? (await streamed(body)).response : client.responses.create(body);
    const first = await ask();
    const calls = first.output.filter(isCall);
    expect(calls.map(({ name, arguments: text }) => [name, JSON.parse(text)])).toEqual(
      WEATHER.map(({ name, arguments: text }) => [name, JSON.parse(text)]),
    );
    input.push(...first.output.map(asInput));
    for (const { call_id } of calls) input.push({ type: 'function_call_output', call_id, output: '3 degrees' });
    const second = await ask();
    expect(second.output_text).toBe(FORECAST);
  });

  test('can be forced', async () => {
    const choice = { type: 'function' as const, name: 'look' };
    const response = await client.responses.create({ model, input: 'look around', tools: TOOLS, tool_choice: choice });
    const call = response.output.find(isCall);
    expect(call).toMatchObject({ name: 'look', arguments: '{}' });
    if (model !== 'gpt') expect(response.tool_choice).toEqual(choice);
  });
});

/** The client's own types for output and input differ in what may be null. */
const asInput = (item: Item): OpenAI.Responses.ResponseInputItem => item as OpenAI.Responses.ResponseInputItem;

describe.each(MODEL_NAMES)('structured output of %s', (model) => {
  const person = z.object({ name: z.string(), age: z.number() });
  const body = { model, input: 'a person', text: { format: zodTextFormat(person, 'person') } };

  test('is parsed', async () => {
    const response = await client.responses.parse(body);
    expect(response.output_parsed).toEqual(PERSON);
  });

  test('is parsed from a stream', async () => {
    const response = await client.responses.stream(body).finalResponse();
    expect(response.output_parsed).toEqual(PERSON);
  });
});

describe.each(['gpt', 'plain', 'claude'])('reasoning of %s', (model) => {
  test.each([false, true])('is shown; streamed: %s', async (stream) => {
    const body = { model, input: 'think', reasoning: { summary: 'auto' as const } };
    const response: OpenAI.Responses.Response = stream
      ? (await streamed(body)).response
      : await client.responses.create(body);
    const thought = response.output.find(isThought);
    expect(thought?.summary.map(({ text }) => text).join('')).toBe(THOUGHT);
    expect(response.output_text).toBe('It is 42.');
  });
});

describe.each(FOREIGN)('an answer from %s', (model) => {
  test('repeats what was asked, and has ids that say that nobody keeps it', async () => {
    const response = await client.responses.create({
      model,
      input: 'say hello',
      instructions: 'Be brief.',
      max_output_tokens: 99,
      tools: TOOLS,
    });
    expect(response).toMatchObject({ instructions: 'Be brief.', max_output_tokens: 99, store: false });
    expect(response.tools).toEqual([TOOLS[0], { ...TOOLS[1], strict: null }]);
    expect(response.id).toMatch(/^resp_gw_/);
    expect(response.output[0]?.id).toMatch(/^msg_gw_/);
  });
});

describe.skipIf(!specsThere)(`by the vendor's own schema${SPECS_ABSENCE}`, () => {
  test('every request fits that a provider was sent', () => {
    expect(stage.recorder.requests.length).toBeGreaterThan(20);
    expect(stage.complaints()).toEqual([]);
  });

  test.each(FOREIGN)('every event of %s fits', async (model) => {
    for (const input of ['say hello', 'weather', 'think']) {
      const { events, response } = await streamed({ model, input, tools: TOOLS });
      expect(
        events.flatMap((event) => violations('responses-event', event).map((one) => `${event.type} ${one}`)),
      ).toEqual([]);
      const { output_parsed: _parsed, ...plain } = response;
      expect(violations('responses-response', plain)).toEqual([]);
    }
  });
});
