/** Thoughts, their signatures and grounded answers of Gemini, shown to the clients of the other dialects. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { geminiGateway } from './gemini-stage.ts';
import { post, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await geminiGateway(upstream.url);
});

afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const head = { modelVersion: 'gemini-3-pro', responseId: 'resp1' };
const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 4, thoughtsTokenCount: 6, totalTokenCount: 20 };
const THOUGHT = { text: 'I must look.', thought: true };
const CALLS = [
  { functionCall: { name: 'look', args: { at: 'sky' } }, thoughtSignature: 'c2lnbmF0dXJl' },
  { functionCall: { name: 'look', args: { at: 'sea' } } },
];
const whole = {
  candidates: [{ content: { parts: [THOUGHT, ...CALLS], role: 'model' }, finishReason: 'STOP', index: 0 }],
  usageMetadata,
  ...head,
};
const chunks = [
  { candidates: [{ content: { parts: [THOUGHT], role: 'model' }, index: 0 }], ...head },
  { candidates: [{ content: { parts: [CALLS[0]], role: 'model' }, index: 0 }], ...head },
  {
    candidates: [{ content: { parts: [CALLS[1]], role: 'model' }, finishReason: 'STOP', index: 0 }],
    usageMetadata,
    ...head,
  },
];

function play(stream: boolean): void {
  upstream.answer(
    stream
      ? { headers: EVENT_STREAM, chunks: chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`) }
      : { headers: JSON_BODY, chunks: [JSON.stringify(whole)] },
  );
}

describe.each([false, true])('streamed: %s', (stream) => {
  test("Anthropic's SDK sees thinking and both calls", async () => {
    play(stream);
    const client = new Anthropic({ baseURL: gateway.url, apiKey: 'client-key', maxRetries: 0 });
    const body = {
      model: 'gem',
      max_tokens: 9000,
      thinking: { type: 'enabled' as const, budget_tokens: 2048 },
      messages: [{ role: 'user' as const, content: 'look' }],
    };
    const answer = stream ? await client.messages.stream(body).finalMessage() : await client.messages.create(body);
    expect(answer.content).toMatchObject([
      { type: 'thinking', thinking: 'I must look.', signature: '' },
      { type: 'tool_use', id: 'call_resp1_0', name: 'look', input: { at: 'sky' } },
      { type: 'tool_use', id: 'call_resp1_1', name: 'look', input: { at: 'sea' } },
    ]);
    expect(answer).toMatchObject({ stop_reason: 'tool_use', usage: { input_tokens: 10, output_tokens: 10 } });
    expect(JSON.stringify(answer)).not.toContain('c2lnbmF0dXJl');
    expect(JSON.parse(upstream.received[0]?.body.toString() ?? '')).toMatchObject({
      generationConfig: { maxOutputTokens: 9000, thinkingConfig: { thinkingBudget: 2048, includeThoughts: true } },
    });
  });

  test("OpenAI's SDK sees both calls and the tokens of the thought", async () => {
    play(stream);
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'client-key', maxRetries: 0 });
    const body = { model: 'gem', messages: [{ role: 'user' as const, content: 'look' }] };
    const answer = stream
      ? await client.chat.completions.stream({ ...body, stream_options: { include_usage: true } }).finalChatCompletion()
      : await client.chat.completions.create(body);
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ id: 'call_resp1_0' }, { id: 'call_resp1_1' }] },
    });
    expect(answer.usage).toMatchObject({
      prompt_tokens: 10,
      completion_tokens: 10,
      completion_tokens_details: { reasoning_tokens: 6 },
    });
  });
});

test("the signatures of a Gemini client's history do not keep another provider from answering", async () => {
  upstream.answer({
    headers: JSON_BODY,
    chunks: [
      '{"id":"x","object":"chat.completion","created":1,"model":"g","choices":[{"index":0,"message":{"role":"assistant","content":"done"},"finish_reason":"stop"}]}',
    ],
  });
  const result = { functionResponse: { name: 'look', response: { output: 'blue' } } };
  const contents = [
    { role: 'user', parts: [{ text: 'look' }] },
    { role: 'model', parts: [THOUGHT, ...CALLS] },
    { role: 'user', parts: [result, result] },
  ];
  const reply = await post(`${gateway.url}/v1beta/models/gpt:generateContent`, { contents });
  expect(reply.status).toBe(200);
  expect(await reply.json()).toMatchObject({ candidates: [{ content: { parts: [{ text: 'done' }] } }] });
  expect(reply.headers.get('x-gatewright-warning')).toContain('reasoning');
  const sent = upstream.received[0]?.body.toString() ?? '';
  expect(sent).not.toContain('c2lnbmF0dXJl');
  const { messages } = JSON.parse(sent) as { messages: { tool_calls?: { id: string }[]; tool_call_id?: string }[] };
  const calls = messages[1]?.tool_calls?.map(({ id }) => id);
  expect(messages.slice(2).map((message) => message.tool_call_id)).toEqual(calls);
});

test('what an answer was grounded on is said to be left out for clients that have no place for it', async () => {
  const grounded = {
    candidates: [
      {
        content: { parts: [{ text: 'Yes.' }], role: 'model' },
        finishReason: 'STOP',
        index: 0,
        groundingMetadata: { webSearchQueries: ['q'] },
      },
    ],
    ...head,
  };
  upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(grounded)] });
  const body = { model: 'gem', messages: [{ role: 'user', content: 'x' }] };
  const reply = await post(`${gateway.url}/v1/chat/completions`, body);
  expect(reply.headers.get('x-gatewright-warning')).toContain('groundingMetadata');
});
