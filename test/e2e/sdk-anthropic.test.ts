/** The official Anthropic client against both providers: text, tools, streams, thinking and structured output, whole and streamed. */
import Anthropic from '@anthropic-ai/sdk';
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SPECS_ABSENCE, specsThere } from './specs.ts';
import { CLIENT_KEY, FORECAST, HELLO, PERSON, Stage, THOUGHT, WEATHER } from './stage.ts';

let stage: Stage;
let client: Anthropic;

beforeAll(async () => {
  stage = await Stage.open();
  client = new Anthropic({ baseURL: stage.url, apiKey: CLIENT_KEY, maxRetries: 0 });
});
afterAll(() => stage.close());

/** A model of each provider. */
const MODELS = ['claude', 'gpt'];

const says = (content: string): Anthropic.MessageParam => ({ role: 'user', content });

const TOOLS: Anthropic.Tool[] = [
  {
    name: 'get_weather',
    description: 'The weather now.',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
  { name: 'look', description: 'Look around.', input_schema: { type: 'object', properties: {} } },
];
const CALLS = WEATHER.map(({ id, name, arguments: text }) => ({
  type: 'tool_use',
  id,
  name,
  input: JSON.parse(text) as object,
}));

/** The message that a model answers with, streamed and put together by the SDK or not. */
function ask(body: Anthropic.MessageCreateParamsNonStreaming, stream: boolean): Promise<Anthropic.Message> {
  return stream ? client.messages.stream(body).finalMessage() : client.messages.create(body);
}

const BOTH = [false, true];
const max_tokens = 200;

describe.each(MODELS)('text from %s', (model) => {
  test.each(BOTH)('arrives; streamed: %s', async (stream) => {
    const message = await ask({ model, max_tokens, system: 'Be brief.', messages: [says('say hello')] }, stream);
    expect(message).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn', stop_sequence: null });
    expect(message.content).toMatchObject([{ type: 'text', text: HELLO }]);
    expect(message.usage.output_tokens).toBe(13);
    expect(message.usage.input_tokens).toBe(21);
  });

  test('comes in the order of events that the API promises', async () => {
    const stream = await client.messages.create({ model, max_tokens, messages: [says('say hello')], stream: true });
    const types: string[] = [];
    for await (const event of stream) if (types.at(-1) !== event.type) types.push(event.type);
    expect(types).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  test.each(BOTH)('that was cut short says so; streamed: %s', async (stream) => {
    const message = await ask({ model, max_tokens: 5, messages: [says('be cut short')] }, stream);
    expect(message.stop_reason).toBe('max_tokens');
    expect(message.content).toMatchObject([{ type: 'text', text: 'This is as far as' }]);
  });
});

describe.each(MODELS)('tools of %s', (model) => {
  test.each(BOTH)('are called side by side; streamed: %s', async (stream) => {
    const message = await ask({ model, max_tokens, messages: [says('How is the weather?')], tools: TOOLS }, stream);
    expect(message.content).toMatchObject(CALLS);
    expect(message.stop_reason).toBe('tool_use');
    expect(message.usage.output_tokens).toBe(13);
  });

  test('stream their arguments in pieces, one block after the other', async () => {
    const stream = client.messages.stream({ model, max_tokens, messages: [says('How is the weather?')], tools: TOOLS });
    const pieces: string[][] = [];
    for await (const event of stream) {
      if (event.type === 'content_block_start') expect(event.index).toBe(pieces.push([]) - 1);
      if (event.type !== 'content_block_delta' || event.delta.type !== 'input_json_delta') continue;
      expect(event.index).toBe(pieces.length - 1);
      pieces[event.index]?.push(event.delta.partial_json);
    }
    expect(pieces.map((list) => list.join(''))).toEqual(WEATHER.map((call) => call.arguments));
    for (const list of pieces) expect(list.length).toBeGreaterThan(2);
  });

  test.each(BOTH)('may need no arguments and follow a text; streamed: %s', async (stream) => {
    const message = await ask({ model, max_tokens, messages: [says('tell and call')], tools: TOOLS }, stream);
    expect(message.content).toMatchObject([
      { type: 'text', text: 'Let me look.' },
      { type: 'tool_use', id: 'call_look', name: 'look', input: {} },
    ]);
    expect(message.stop_reason).toBe('tool_use');
  });
});

describe('the SDK’s own tool loop', () => {
  const loop = async (model: string, settings: object): Promise<void> => {
    const asked: unknown[] = [];
    const tool = betaZodTool({
      name: 'get_weather',
      description: 'The weather now.',
      inputSchema: z.object({ city: z.string(), unit: z.string() }),
      run: (input) => {
        asked.push(input);
        return '{"degrees": 3}';
      },
    });
    const messages = [says('How is the weather?')];
    const message = await client.beta.messages.toolRunner({ model, max_tokens, messages, tools: [tool], ...settings });
    expect(message.content).toMatchObject([{ type: 'text', text: FORECAST }]);
    expect(asked).toEqual(CALLS.map((call) => call.input));
    const sent = JSON.stringify(stage.recorder.last.body['messages']);
    for (const { id } of WEATHER) expect(sent.split(id)).toHaveLength(3);
  };

  test.each(MODELS)('brings results back over two turns of %s', (model) => loop(model, { thread: false }));

  test('would keep the conversation at the provider, and goes on without where it cannot be kept', () =>
    loop('gpt', {}));
});

describe.each(MODELS)('more from %s', (model) => {
  test.each(BOTH)('thinking stands before the text; streamed: %s', async (stream) => {
    const { content } = await ask({ model, max_tokens, messages: [says('think')] }, stream);
    expect(content).toMatchObject([
      { type: 'thinking', thinking: THOUGHT },
      { type: 'text', text: 'It is 42.' },
    ]);
    // Only who thought can sign it.
    const signature = content[0]?.type === 'thinking' ? content[0].signature : undefined;
    if (model === 'gpt') expect(signature).toBe('');
    else expect(signature).toMatch(/.+/);
  });

  test('structured output is parsed by the SDK', async () => {
    const person = z.strictObject({ name: z.string(), age: z.number() });
    const message = await client.messages.parse({
      model,
      max_tokens,
      messages: [says('Invent a person')],
      output_config: { format: zodOutputFormat(person) },
    });
    expect(message.parsed_output).toEqual(PERSON);
    const sent = stage.recorder.last.body;
    expect(JSON.stringify(sent['response_format'] ?? sent['output_config'])).toContain('"required":["name","age"]');
  });
});

describe('what stands beside messages', () => {
  test('tokens are counted where the provider can', async () => {
    stage.recorder.own.set('/v1/messages/count_tokens', { input_tokens: 42 });
    const body = { messages: [says('say hello')], system: 'Be brief.', tools: TOOLS };
    expect(await client.messages.countTokens({ model: 'claude', ...body })).toEqual({ input_tokens: 42 });
    expect(stage.recorder.last.path).toBe('/v1/messages/count_tokens');
    expect(stage.recorder.last.body['model']).toBe('claude-upstream');
    const refused: unknown = await client.messages
      .countTokens({ model: 'gpt', ...body })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Anthropic.APIError);
    expect((refused as Error).message).toContain('count-tokens');
  });

  test('the list of models has what is configured, in pages that the SDK can walk', async () => {
    const ids: string[] = [];
    for await (const model of client.models.list()) {
      expect(model.type).toBe('model');
      expect(Date.parse(model.created_at)).toBeGreaterThan(0);
      ids.push(model.id);
    }
    expect(ids.toSorted()).toEqual(['claude', 'gpt']);
    expect(await client.models.retrieve('gpt')).toMatchObject({ id: 'gpt', type: 'model' });
    await expect(client.models.retrieve('nobody')).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });
});

describe.skipIf(!specsThere)(`what the providers received${SPECS_ABSENCE}`, () => {
  test('is valid by their own schemas, in every request of this file', () => {
    expect(stage.recorder.requests.length).toBeGreaterThan(25);
    expect(stage.complaints()).toEqual([]);
  });
});
