/** Which of a provider's dialects a chat goes out in, and what may be dropped on the way. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestGateway } from './gateways.ts';
import { responsesGateway } from './responses-stage.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';
import { OPENAI_FRAMES, OPENAI_HELLO } from './wires.ts';

let upstream: Upstream;
let gateway: TestGateway;
let client: OpenAI;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await responsesGateway(upstream.url);
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'k', maxRetries: 0 });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const RESPONSE = JSON.stringify({
  id: 'resp_68af',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'gpt-upstream',
  output: [
    { id: 'rs_1', type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
    {
      id: 'msg_1',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Hello there', annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 9,
    input_tokens_details: { cached_tokens: 4 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 3 },
    total_tokens: 14,
  },
});

/** Answers each endpoint in its own dialect. */
const answerAll = (): void =>
  upstream.answer(({ path }) => ({
    headers: JSON_BODY,
    chunks: [path.endsWith('/responses') ? RESPONSE : OPENAI_HELLO],
  }));

const asked = (): [string, Record<string, unknown>][] =>
  upstream.received.map(({ path, body }) => [path, JSON.parse(body.toString()) as Record<string, unknown>]);

describe('a chat', () => {
  test('of a client of chat completions stays one', async () => {
    answerAll();
    await client.chat.completions.create({ model: 'gpt', messages: [{ role: 'user', content: 'Hello' }] });
    expect(asked()).toEqual([
      ['/v1/chat/completions', { model: 'gpt-upstream', messages: [{ role: 'user', content: 'Hello' }] }],
    ]);
  });

  test('of a client of another vendor goes out as the provider prefers', async () => {
    answerAll();
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'k', maxRetries: 0 });
    await anthropic.messages.create({ model: 'gpt', max_tokens: 99, messages: [{ role: 'user', content: 'Hello' }] });
    expect(asked().map(([path]) => path)).toEqual(['/v1/chat/completions']);
  });

  test('with a model that only has responses is translated, whoever asks', async () => {
    answerAll();
    const chat = await client.chat.completions.create({
      model: 'pro',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
      max_completion_tokens: 99,
    });
    expect(asked()).toEqual([
      [
        '/v1/responses',
        {
          model: 'gpt-5-pro',
          input: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: 'Hello' },
          ],
          max_output_tokens: 99,
          store: false,
        },
      ],
    ]);
    expect(chat.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'Hello there', reasoning_content: 'Hm.' },
    });
    expect(chat.usage).toMatchObject({
      prompt_tokens: 9,
      completion_tokens: 5,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 3 },
    });
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'k', maxRetries: 0 });
    const message = await anthropic.messages.create({
      model: 'pro',
      max_tokens: 99,
      messages: [{ role: 'user', content: 'Hello' }],
    });
    expect(message.content.at(-1)).toMatchObject({ type: 'text', text: 'Hello there' });
    expect(message.usage).toMatchObject({ input_tokens: 5, cache_read_input_tokens: 4, output_tokens: 5 });
  });

  test('that is recorded has the usage in disjoint classes, whichever way it went', async () => {
    answerAll();
    const before = gateway.records.length;
    await client.responses.create({ model: 'gpt', input: 'Hello' });
    await client.chat.completions.create({ model: 'pro', messages: [{ role: 'user', content: 'Hello' }] });
    for (const index of [before, before + 1]) {
      const { usage } = await gateway.record(index);
      expect(usage).toMatchObject({ input: 5, cacheRead: 4, output: 2, reasoning: 3 });
    }
  });
});

describe('where what cannot be said may be dropped', () => {
  test('it is, and the client is told', async () => {
    answerAll();
    const body = {
      model: 'lenient',
      input: 'Hello',
      previous_response_id: 'resp_1',
      truncation: 'auto' as const,
      store: true,
    };
    const { data, response } = await client.responses.create(body).withResponse();
    expect(data.output_text).toBe('Hello there');
    expect(response.headers.get('x-gatewright-warning')).toMatch(/previous_response_id: .*; store: .*; truncation: /);
    expect(asked()).toEqual([
      ['/v1/chat/completions', { model: 'plain-upstream', messages: [{ role: 'user', content: 'Hello' }] }],
    ]);
  });
});

describe('a stream from a server of chat completions', () => {
  const ask = async (): Promise<string> => {
    const body = JSON.stringify({ model: 'plain', input: 'Hello', stream: true });
    const reply = await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return reply.text();
  };

  test('that forgets its end marker is whole', async () => {
    upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES.slice(0, -1) });
    expect((await ask()).match(/^event: .*$/gm)?.at(-1)).toBe('event: response.completed');
  });

  test('that breaks ends with one error, under the next number', async () => {
    upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES.slice(0, 3), end: 'reset' });
    const text = await ask();
    const names = text.match(/^event: .*$/gm) ?? [];
    expect(names.at(-1)).toBe('event: error');
    expect(names.filter((name) => /error|completed|incomplete|failed/.test(name))).toHaveLength(1);
    const numbers = [...text.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_, index) => index));
  });

  test('that was answered whole is a stream all the same', async () => {
    upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
    const response = await client.responses.stream({ model: 'plain', input: 'Hello' }).finalResponse();
    expect(response.output_text).toBe('Hello there');
  });
});
