/** The official OpenAI client against both providers: text, tools, streams, reasoning and structured output, whole and streamed. */
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SPECS_ABSENCE, specsThere } from './specs.ts';
import { CLIENT_KEY, FORECAST, HELLO, PERSON, Stage, THOUGHT, WEATHER } from './stage.ts';

let stage: Stage;
let client: OpenAI;

beforeAll(async () => {
  stage = await Stage.open();
  client = new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
});
afterAll(() => stage.close());

/** A model of each provider. */
const MODELS = ['gpt', 'claude'];
const USAGE = { prompt_tokens: 21, completion_tokens: 13, total_tokens: 34 };

const says = (content: string): OpenAI.ChatCompletionMessageParam => ({ role: 'user', content });

const CITY = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { enum: ['celsius', 'fahrenheit'] } },
  required: ['city'],
};
const TOOLS: OpenAI.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'get_weather', description: 'The weather now.', parameters: CITY } },
  { type: 'function', function: { name: 'look', description: 'Look around.' } },
];

describe.each(MODELS)('text from %s', (model) => {
  test('arrives whole', async () => {
    const { data, response } = await client.chat.completions
      .create({ model, messages: [{ role: 'system', content: 'Be brief.' }, says('say hello')], temperature: 0.5 })
      .withResponse();
    expect(data.object).toBe('chat.completion');
    expect(data.choices).toHaveLength(1);
    expect(data.choices[0]).toMatchObject({ index: 0, finish_reason: 'stop', message: { role: 'assistant' } });
    expect(data.choices[0]?.message.content).toBe(HELLO);
    expect(data.usage).toMatchObject(USAGE);
    expect(response.headers.get('x-gatewright-request-id')).toMatch(/^gw_/);
    expect(response.headers.get('x-gatewright-warning')).toBeNull();
  });

  test('arrives in pieces, with the usage that was asked for', async () => {
    const stream = await client.chat.completions.create({
      model,
      messages: [says('say hello')],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const pieces = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').filter((piece) => piece !== '');
    expect(pieces.length).toBeGreaterThan(4);
    expect(pieces.join('')).toBe(HELLO);
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: USAGE });
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
  });

  test('has no usage in a stream that nobody asked for it', async () => {
    const stream = await client.chat.completions.create({ model, messages: [says('say hello')], stream: true });
    for await (const chunk of stream) {
      expect(chunk.choices).toHaveLength(1);
      expect(chunk.usage ?? null).toBeNull();
    }
  });

  test.each([false, true])('that was cut short says so; streamed: %s', async (stream) => {
    const body = { model, messages: [says('be cut short')], max_completion_tokens: 5 };
    const { choices } = stream
      ? await client.chat.completions.stream(body).finalChatCompletion()
      : await client.chat.completions.create(body);
    expect(choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'This is as far as' } });
  });
});

describe.each(MODELS)('tools of %s', (model) => {
  test.each([false, true])('are called side by side; streamed: %s', async (stream) => {
    const body = { model, messages: [says('How is the weather?')], tools: TOOLS, tool_choice: 'auto' as const };
    const { choices, usage } = stream
      ? await client.chat.completions.stream({ ...body, stream_options: { include_usage: true } }).finalChatCompletion()
      : await client.chat.completions.create(body);
    expect(choices[0]?.finish_reason).toBe('tool_calls');
    const calls = choices[0]?.message.tool_calls ?? [];
    expect(calls).toMatchObject(
      WEATHER.map(({ id, name, arguments: text }) => ({ id, function: { name, arguments: text } })),
    );
    expect(usage).toMatchObject(USAGE);
  });

  test('stream their arguments in pieces, each call under its index', async () => {
    const messages = [says('How is the weather?')];
    const stream = await client.chat.completions.create({ model, messages, tools: TOOLS, stream: true });
    const gathered: { id?: string; name?: string; pieces: string[] }[] = [];
    for await (const chunk of stream) {
      for (const { index, id, function: part } of chunk.choices[0]?.delta.tool_calls ?? []) {
        const call = (gathered[index] ??= { pieces: [] });
        if (id !== undefined) call.id = id;
        if (part?.name !== undefined) call.name = part.name;
        if (part?.arguments !== undefined && part.arguments !== '') call.pieces.push(part.arguments);
      }
    }
    expect(gathered.map(({ id, name, pieces }) => ({ id, name, arguments: pieces.join('') }))).toEqual(WEATHER);
    for (const { pieces } of gathered) expect(pieces.length).toBeGreaterThan(2);
  });

  test.each([false, true])('may need no arguments and follow a text; streamed: %s', async (stream) => {
    const body = { model, messages: [says('tell and call')], tools: TOOLS };
    const { choices } = stream
      ? await client.chat.completions.stream(body).finalChatCompletion()
      : await client.chat.completions.create(body);
    expect(choices[0]?.message.content).toBe('Let me look.');
    expect(choices[0]?.message.tool_calls).toMatchObject([
      { id: 'call_look', type: 'function', function: { name: 'look', arguments: '{}' } },
    ]);
  });

  test('get their results back over two turns of the SDK’s own tool loop', async () => {
    const asked: unknown[] = [];
    const look = (input: string): string => {
      asked.push(JSON.parse(input));
      return '{"degrees": 3}';
    };
    const runner = client.chat.completions.runTools({
      model,
      messages: [says('How is the weather?')],
      tools: [
        {
          type: 'function',
          function: { name: 'get_weather', description: 'The weather now.', parameters: CITY, function: look },
        },
      ],
    });
    expect(await runner.finalContent()).toBe(FORECAST);
    expect(asked).toEqual(WEATHER.map((call) => JSON.parse(call.arguments) as unknown));
    const sent = JSON.stringify(stage.recorder.last.body['messages']);
    for (const { id } of WEATHER) expect(sent.split(id)).toHaveLength(3);
  });
});

describe.each(MODELS)('more from %s', (model) => {
  test('reasoning stands beside the text', async () => {
    const whole = await client.chat.completions.create({ model, messages: [says('think')] });
    expect(whole.choices[0]?.message).toMatchObject({ content: 'It is 42.', reasoning_content: THOUGHT });
    const stream = await client.chat.completions.create({ model, messages: [says('think')], stream: true });
    let thought = '';
    let text = '';
    for await (const chunk of stream) {
      const delta = chunk.choices[0]?.delta as { content?: string; reasoning_content?: string } | undefined;
      thought += delta?.reasoning_content ?? '';
      text += delta?.content ?? '';
      if (text !== '') expect(thought).toBe(THOUGHT);
    }
    expect([thought, text]).toEqual([THOUGHT, 'It is 42.']);
  });

  test('structured output is parsed by the SDK', async () => {
    const person = z.strictObject({ name: z.string(), age: z.number() });
    const { choices } = await client.chat.completions.parse({
      model,
      messages: [says('Invent a person')],
      response_format: zodResponseFormat(person, 'person'),
    });
    expect(choices[0]?.message.parsed).toEqual(PERSON);
    const sent = stage.recorder.last.body;
    const format = (sent['response_format'] ?? sent['output_config']) as object;
    expect(JSON.stringify(format)).toContain('"required":["name","age"]');
  });
});

describe('the list of models', () => {
  test('has what is configured, in pages that the SDK can walk', async () => {
    const ids: string[] = [];
    for await (const model of client.models.list()) {
      expect(model.object).toBe('model');
      ids.push(model.id);
    }
    expect(ids.toSorted()).toEqual(['claude', 'gpt']);
    expect(await client.models.retrieve('claude')).toMatchObject({ id: 'claude', object: 'model' });
    await expect(client.models.retrieve('nobody')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });
});

describe.skipIf(!specsThere)(`what the providers received${SPECS_ABSENCE}`, () => {
  test('is valid by their own schemas, in every request of this file', () => {
    expect(stage.recorder.requests.length).toBeGreaterThan(25);
    expect(stage.complaints()).toEqual([]);
  });
});
