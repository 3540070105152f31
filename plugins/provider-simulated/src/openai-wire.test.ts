/** What we write in OpenAI's dialect is what OpenAI's own client reads. */
import OpenAI from 'openai';
import type { ChatCompletionTool } from 'openai/resources/chat/completions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventsIn, ask } from './rig.test.kit.ts';
import { serve, type Served } from './server.test.kit.ts';

let served: Served;
let client: OpenAI;

beforeAll(async () => {
  served = await serve();
  client = new OpenAI({ baseURL: `${served.origin}/v1`, apiKey: 'none', maxRetries: 0 });
});

afterAll(() => served.close());

const user = (content: string) => [{ role: 'user' as const, content }];
const weather: ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const time: ChatCompletionTool = { type: 'function', function: { name: 'get_time', parameters: { type: 'object' } } };

describe('text', () => {
  test('whole', async () => {
    const reply = await client.chat.completions.create({ model: 'sim', messages: user('Why?') });
    expect(reply).toMatchObject({ object: 'chat.completion', model: 'sim' });
    expect(reply.id).toMatch(/^chatcmpl-[0-9a-f]{32}$/u);
    expect(reply.choices[0]?.message).toMatchObject({ role: 'assistant', refusal: null });
    expect(reply.choices[0]?.message.content).toContain('“Why?”');
    expect(reply.choices[0]?.finish_reason).toBe('stop');
    const { prompt_tokens: input = 0, completion_tokens: output = 0, total_tokens: total } = reply.usage ?? {};
    expect([input > 0, output > 10, total]).toEqual([true, true, input + output]);
  });

  test('streamed, it is the same, and the usage comes when asked for', async () => {
    const request = { model: 'sim', messages: user('Why?') };
    const whole = await client.chat.completions.create(request);
    const stream = client.chat.completions.stream({ ...request, stream_options: { include_usage: true } });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(final.choices[0]?.finish_reason).toBe('stop');
    expect(final.usage).toEqual(whole.usage);
    expect(await stream.totalUsage()).toEqual(expect.objectContaining({ total_tokens: whole.usage?.total_tokens }));
  });

  test('usage is null in all chunks but the last, and absent where nobody asked', async () => {
    const body = { model: 'sim', messages: user('Why?'), stream: true };
    const asked = eventsIn((await ask({ body: { ...body, stream_options: { include_usage: true } } })).text);
    const chunks = asked.slice(0, -1).map((data) => JSON.parse(data) as { usage: unknown; choices: unknown[] });
    expect(asked.at(-1)).toBe('[DONE]');
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) as number } });
    expect((await ask({ body })).text).not.toContain('"usage"');
  });

  test('alternatives are written side by side', async () => {
    const request = { model: 'sim', messages: user('Why?'), n: 3 };
    const whole = await client.chat.completions.create(request);
    const final = await client.chat.completions.stream(request).finalChatCompletion();
    expect(whole.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(final.choices.map(({ message }) => message.content)).toEqual(
      whole.choices.map(({ message }) => message.content),
    );
  });

  test('log probabilities: one for each token', async () => {
    const reply = await client.chat.completions.create({ model: 'sim', messages: user('Why?'), logprobs: true });
    const [choice] = reply.choices;
    expect(choice?.logprobs?.content?.map(({ token }) => token).join('')).toBe(choice?.message.content);
  });

  test('a limit', async () => {
    const reply = await client.chat.completions.create({
      model: 'sim',
      messages: user('Why?'),
      max_completion_tokens: 4,
    });
    expect([reply.choices[0]?.finish_reason, reply.usage?.completion_tokens]).toEqual(['length', 4]);
  });

  test('hidden reasoning is counted', async () => {
    const reply = await client.chat.completions.create({
      model: 'sim',
      messages: user('Why?'),
      reasoning_effort: 'low',
    });
    expect(reply.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(5);
  });
});

describe('tools', () => {
  test('several calls, whole and streamed', async () => {
    const request = { model: 'sim', messages: user('Weather and time in Oslo?'), tools: [weather, time] };
    const whole = await client.chat.completions.create(request);
    const final = await client.chat.completions.stream(request).finalChatCompletion();
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    const calls = whole.choices[0]?.message.tool_calls ?? [];
    expect(calls.map((call) => call.type === 'function' && call.function)).toEqual([
      { name: 'get_weather', arguments: '{"city":"Oslo"}' },
      { name: 'get_time', arguments: '{}' },
    ]);
    expect(final.choices[0]?.message.tool_calls).toMatchObject(calls);
  });

  test('a round with results ends in text', async () => {
    const request = { model: 'sim', messages: user('Weather in Oslo?'), tools: [weather] };
    const { choices } = await client.chat.completions.create(request);
    const message = choices[0]?.message;
    if (message === undefined) throw new Error('no message');
    const result = { role: 'tool' as const, tool_call_id: message.tool_calls?.[0]?.id ?? '', content: '3 °C, rain' };
    const reply = await client.chat.completions.create({
      ...request,
      messages: [...request.messages, message, result],
    });
    expect(reply.choices[0]?.message.content).toContain('The tool get_weather answered “3 °C, rain”.');
  });
});

test('structured output', async () => {
  const schema = { type: 'object', properties: { answer: { enum: ['yes', 'no'] } }, required: ['answer'] };
  const format = { type: 'json_schema' as const, json_schema: { name: 'reply', schema, strict: true } };
  const reply = await client.chat.completions.create({
    model: 'sim',
    messages: user('Say no.'),
    response_format: format,
  });
  expect(JSON.parse(reply.choices[0]?.message.content ?? '')).toEqual({ answer: 'no' });
});

test.each(['', '+one-byte', '+crlf+comments+no-last-newline'])('a refusal, whole and streamed%s', async (form) => {
  const request = { model: `refusal${form}`, messages: user('Why?') };
  const whole = await client.chat.completions.create(request);
  const final = await client.chat.completions.stream(request).finalChatCompletion();
  expect(whole.choices[0]?.message).toMatchObject({
    content: null,
    refusal: expect.stringContaining('refuse') as string,
  });
  expect(final.choices[0]?.message.refusal).toBe(whole.choices[0]?.message.refusal);
});

describe('errors, as the client sees them', () => {
  test.each([
    ['error-401', { status: 401, code: 'invalid_api_key', name: 'Error' }],
    ['error-429', { status: 429, code: 'rate_limit_exceeded' }],
    ['error-500', { status: 500, type: 'server_error' }],
    ['error-400-context', { status: 400, code: 'context_length_exceeded', param: 'messages' }],
  ])('%s', async (model, expected) => {
    const { name: _name, ...fields } = { name: '', ...expected };
    await expect(client.chat.completions.create({ model, messages: user('Why?') })).rejects.toMatchObject(fields);
  });

  test('a request that is no good', async () => {
    const create = client.chat.completions.create({ model: 'sim', messages: [] });
    await expect(create).rejects.toMatchObject({ status: 400, type: 'invalid_request_error', param: 'messages' });
  });

  test('an error inside a stream', async () => {
    const stream = await client.chat.completions.create({
      model: 'error-mid-stream',
      messages: user('Why?'),
      stream: true,
    });
    const read = async (): Promise<void> => {
      for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
    };
    await expect(read()).rejects.toThrow(/simulated error/u);
  });
});
