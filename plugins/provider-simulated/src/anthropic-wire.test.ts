/** What we write in Anthropic's dialect is what Anthropic's own client reads. */
import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve, type Served } from './server.test.kit.ts';

let served: Served;
let client: Anthropic;

beforeAll(async () => {
  served = await serve({ dialect: 'anthropic-messages' });
  client = new Anthropic({ baseURL: served.origin, apiKey: 'none', maxRetries: 0 });
});

afterAll(() => served.close());

const asking = (content: string) => ({
  model: 'sim',
  max_tokens: 4000,
  messages: [{ role: 'user' as const, content }],
});
const weather = {
  name: 'get_weather',
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
};
const time = { name: 'get_time', input_schema: { type: 'object' as const } };

describe('text', () => {
  test('whole', async () => {
    const message = await client.messages.create(asking('Why?'));
    expect(message).toMatchObject({ type: 'message', role: 'assistant', model: 'sim', stop_reason: 'end_turn' });
    expect(message.id).toMatch(/^msg_[0-9a-f]{32}$/u);
    expect(message.content).toEqual([{ type: 'text', text: expect.stringContaining('“Why?”') as string }]);
    expect(message.usage.input_tokens).toBeGreaterThan(0);
    expect(message.usage.output_tokens).toBeGreaterThan(10);
  });

  test('streamed, it is the same', async () => {
    const whole = await client.messages.create(asking('Why?'));
    const final = await client.messages.stream(asking('Why?')).finalMessage();
    expect(final.content).toEqual(whole.content);
    expect(final.stop_reason).toBe('end_turn');
    expect(final.usage).toMatchObject({
      input_tokens: whole.usage.input_tokens,
      output_tokens: whole.usage.output_tokens,
    });
  });

  test('a limit and a stop sequence', async () => {
    const limited = await client.messages.create({ ...asking('Why?'), max_tokens: 4 });
    expect([limited.stop_reason, limited.usage.output_tokens]).toEqual(['max_tokens', 4]);
    const stopped = await client.messages.stream({ ...asking('Why?'), stop_sequences: ['Why'] }).finalMessage();
    expect([stopped.stop_reason, stopped.stop_sequence]).toEqual(['stop_sequence', 'Why']);
  });

  test('thinking has a signature, also where its text is omitted', async () => {
    const thinking = { type: 'enabled' as const, budget_tokens: 1024 };
    const whole = await client.messages.create({ ...asking('Why?'), thinking });
    const final = await client.messages.stream({ ...asking('Why?'), thinking }).finalMessage();
    expect(whole.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    expect(final.content).toEqual(whole.content);
    const omitted = await client.messages.create({ ...asking('Why?'), thinking: { ...thinking, display: 'omitted' } });
    expect(omitted.content[0]).toMatchObject({ thinking: '', signature: expect.stringMatching(/./u) as string });
    expect(omitted.usage.output_tokens).toBe(whole.usage.output_tokens);
  });
});

describe('tools', () => {
  test('several calls, whole and streamed', async () => {
    const request = { ...asking('Weather and time in Oslo?'), tools: [weather, time] };
    const whole = await client.messages.create(request);
    const final = await client.messages.stream(request).finalMessage();
    expect(whole.stop_reason).toBe('tool_use');
    expect(whole.content).toMatchObject([
      { type: 'tool_use', name: 'get_weather', input: { city: 'Oslo' } },
      { type: 'tool_use', name: 'get_time', input: {} },
    ]);
    expect(final.content).toEqual(whole.content);
  });

  test('one at a time, and none at all', async () => {
    const request = { ...asking('Weather and time in Oslo?'), tools: [weather, time] };
    const one = await client.messages.create({
      ...request,
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
    expect(one.content).toHaveLength(1);
    const none = await client.messages.create({ ...request, tool_choice: { type: 'none' } });
    expect(none.stop_reason).toBe('end_turn');
  });

  test('a round with a failed result ends in text', async () => {
    const request = { ...asking('Weather in Oslo?'), tools: [weather] };
    const { content } = await client.messages.create(request);
    const use = content.find((block) => block.type === 'tool_use');
    const result = { type: 'tool_result' as const, tool_use_id: use?.id ?? '', content: 'no signal', is_error: true };
    const messages = [
      ...request.messages,
      { role: 'assistant' as const, content },
      { role: 'user' as const, content: [result] },
    ];
    const reply = await client.messages.create({ ...request, messages });
    expect(reply.content[0]).toMatchObject({
      text: expect.stringContaining('get_weather failed with “no signal”') as string,
    });
  });
});

test('structured output', async () => {
  const schema = { type: 'object', properties: { answer: { enum: ['yes', 'no'] } }, required: ['answer'] };
  const reply = await client.messages.create({
    ...asking('Say no.'),
    output_config: { format: { type: 'json_schema', schema } },
  });
  const [block] = reply.content;
  expect(JSON.parse(block?.type === 'text' ? block.text : '')).toEqual({ answer: 'no' });
});

test.each(['', '+one-byte', '+crlf+comments'])('a refusal, whole and streamed%s', async (form) => {
  const request = { ...asking('Why?'), model: `refusal${form}` };
  const whole = await client.messages.create(request);
  const final = await client.messages.stream(request).finalMessage();
  expect([whole.stop_reason, final.stop_reason]).toEqual(['refusal', 'refusal']);
  expect(final.content).toEqual(whole.content);
});

describe('token counts', () => {
  test('equal the input that the same request is charged for', async () => {
    const request = { ...asking('Weather in Oslo?'), tools: [weather], system: 'Be brief.' };
    const { max_tokens: _limit, ...counted } = request;
    const { input_tokens: count } = await client.messages.countTokens(counted);
    const message = await client.messages.create(request);
    expect(count).toBe(message.usage.input_tokens);
  });

  test('fail like anything else', async () => {
    const count = client.messages.countTokens({ model: 'error-429', messages: asking('Why?').messages });
    await expect(count).rejects.toMatchObject({ status: 429 });
  });
});

describe('errors, as the client sees them', () => {
  test.each([
    ['error-400-context', 400, 'invalid_request_error'],
    ['error-401', 401, 'authentication_error'],
    ['error-404', 404, 'not_found_error'],
    ['error-429', 429, 'rate_limit_error'],
    ['error-500', 500, 'api_error'],
    ['error-529', 529, 'overloaded_error'],
  ])('%s', async (model, status, type) => {
    const create = client.messages.create({ ...asking('Why?'), model });
    await expect(create).rejects.toMatchObject({ status, error: { type: 'error', error: { type } } });
  });

  test('a request that is no good', async () => {
    const create = client.messages.create({ ...asking('Why?'), max_tokens: 0 });
    await expect(create).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('max_tokens') as string,
    });
  });

  test.each(['error-before-content', 'error-mid-stream'])('%s', async (model) => {
    const final = client.messages.stream({ ...asking('Why?'), model }).finalMessage();
    await expect(final).rejects.toThrow(/simulated error/u);
  });
});
