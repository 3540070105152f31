/** The SDKs of other dialects as clients of Cohere as it was recorded, and Cohere's as a client of others. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cohereClient, cohereGateway, gather, recordedAnswer, recordedStream } from './cohere-stage.ts';
import type { TestGateway } from './gateways.ts';
import { RECORDINGS_ABSENCE, recordingsThere } from './recordings.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await cohereGateway(upstream.url);
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'client-key', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'client-key', maxRetries: 0 });
});
afterEach(() => upstream.answer({ status: 500 }));
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const model = 'command';
const question = [{ role: 'user' as const, content: 'hi' }];
const sent = (): unknown => JSON.parse(upstream.received[0]?.body.toString() ?? '');
const parameters = { type: 'object' as const, properties: { location: { type: 'string' } }, required: ['location'] };

describe.skipIf(!recordingsThere)(`OpenAI's SDK${RECORDINGS_ABSENCE}`, () => {
  const tools = [{ type: 'function' as const, function: { name: 'weather', parameters, strict: true } }];

  test('text, and the model that was asked for', async () => {
    upstream.answer(recordedAnswer('cohere-text.json'));
    const answer = await openai.chat.completions.create({ model, messages: question });
    expect(answer.model).toBe(model);
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'The capital of France is Paris.' },
    });
    expect(answer.usage).toMatchObject({ prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 });
  });

  test('an answer that is cut short', async () => {
    upstream.answer(recordedAnswer('cohere-max-tokens.json'));
    const answer = await openai.chat.completions.create({ model, messages: question, max_completion_tokens: 4 });
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: '**The History of' } });
    expect(sent()).toMatchObject({ max_tokens: 4 });
  });

  test('calls after their plan, whole and streamed, and the next turn', async () => {
    upstream.answer(recordedAnswer('cohere-tool-call.json'));
    const whole = await openai.chat.completions.create({ model, messages: question, tools, tool_choice: 'required' });
    expect(sent()).toMatchObject({ tool_choice: 'REQUIRED', strict_tools: true });
    upstream.answer(recordedStream('cohere-tool-call.chunks.txt'));
    const stream_options = { include_usage: true };
    const runner = openai.chat.completions.stream({ model, messages: question, tools: [], stream_options });
    const streamed = await runner.finalChatCompletion();
    for (const { choices } of [whole, streamed]) {
      expect(choices[0]).toMatchObject({
        finish_reason: 'tool_calls',
        message: { content: expect.stringMatching(/^I will/) as string },
      });
      const calls = choices[0]?.message.tool_calls as OpenAI.ChatCompletionMessageFunctionToolCall[];
      expect(calls.map((call) => [call.function.name, JSON.parse(call.function.arguments)])).toEqual([
        ['weather', { location: 'San Francisco' }],
        ['cityAttractions', { city: 'San Francisco' }],
      ]);
    }
    expect(streamed.usage).toMatchObject({ prompt_tokens: 119, completion_tokens: 44 });
    const said = whole.choices[0]?.message as OpenAI.ChatCompletionMessage;
    const results = said.tool_calls?.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: '12' }));
    upstream.answer(recordedAnswer('cohere-text.json'));
    await openai.chat.completions.create({ model, messages: [...question, said, ...(results ?? [])], tools });
    expect((sent() as { messages: unknown[] }).messages).toMatchObject([
      { role: 'user', content: 'hi' },
      { role: 'assistant', tool_plan: said.content, tool_calls: [{ id: 'weather_dqgshstja6p9' }, {}] },
      { role: 'tool', tool_call_id: 'weather_dqgshstja6p9', content: '12' },
      { role: 'tool', content: '12' },
    ]);
  });

  test('a call without arguments, whole and streamed', async () => {
    upstream.answer(recordedAnswer('cohere-null-args.json'));
    const whole = await openai.chat.completions.create({ model, messages: question, tools });
    upstream.answer(recordedStream('cohere-empty-tool-call.chunks.txt'));
    const streamed = await openai.chat.completions.stream({ model, messages: question }).finalChatCompletion();
    for (const { choices } of [whole, streamed]) {
      const calls = choices[0]?.message.tool_calls as OpenAI.ChatCompletionMessageFunctionToolCall[];
      expect(calls[0]?.function).toMatchObject({ name: 'currentTime', arguments: '{}' });
    }
  });

  test('thinking, a picture and a schema', async () => {
    upstream.answer(recordedAnswer('cohere-reasoning.json'));
    const image_url = { url: 'data:image/png;base64,AAAA', detail: 'low' as const };
    const schema = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] };
    const answer = await openai.chat.completions.create({
      model,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url },
            { type: 'text', text: 'sum?' },
          ],
        },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'sum', schema, strict: true } },
      reasoning_effort: 'none',
    });
    expect(answer.choices[0]?.message).toMatchObject({
      content: '2 + 2 = 4',
      reasoning_content: expect.stringMatching(/^Okay/) as string,
    });
    expect(sent()).toEqual({
      model: 'command-upstream',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url },
            { type: 'text', text: 'sum?' },
          ],
        },
      ],
      response_format: { type: 'json_object', json_schema: schema },
      thinking: { type: 'disabled' },
    });
  });

  test('citations are left out, and told', async () => {
    const before = gateway.records.length;
    upstream.answer(recordedAnswer('cohere-citations.json'));
    const answer = await openai.chat.completions.create({ model, messages: question });
    expect(answer.choices[0]?.message.content).toMatch(/^The key benefits/);
    const { warnings } = await gateway.record(before);
    expect(warnings).toMatchObject([{ field: 'citations' }]);
  });

  test('an error keeps its status and message, and has a code', async () => {
    const message = 'too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4292.';
    upstream.answer({ status: 400, headers: JSON_BODY, chunks: [JSON.stringify({ id: 'x', message })] });
    await expect(openai.chat.completions.create({ model, messages: question })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
      message: expect.stringContaining(message) as string,
    });
  });
});

describe.skipIf(!recordingsThere)(`Anthropic's SDK${RECORDINGS_ABSENCE}`, () => {
  const body = { model, max_tokens: 500, messages: question };

  test('thinking and text, whole and streamed', async () => {
    upstream.answer(recordedAnswer('cohere-reasoning.json'));
    const whole = await anthropic.messages.create({ ...body, thinking: { type: 'enabled', budget_tokens: 1024 } });
    expect(sent()).toMatchObject({ thinking: { type: 'enabled', token_budget: 1024 } });
    upstream.answer(recordedStream('cohere-reasoning.chunks.txt'));
    const streamed = await anthropic.messages.stream(body).finalMessage();
    for (const answer of [whole, streamed]) {
      expect(answer.content).toMatchObject([{ type: 'thinking' }, { type: 'text' }]);
      expect(answer.stop_reason).toBe('end_turn');
    }
    expect(streamed.usage).toMatchObject({ input_tokens: 8, output_tokens: 50 });
  });

  test('calls after their plan, and results that failed', async () => {
    upstream.answer(recordedStream('cohere-tool-call.chunks.txt'));
    const tools = [{ name: 'weather', input_schema: parameters }];
    const { content, stop_reason } = await anthropic.messages.stream({ ...body, tools }).finalMessage();
    expect(stop_reason).toBe('tool_use');
    expect(content.map(({ type }) => type)).toEqual(['text', 'tool_use', 'tool_use']);
    const failed = content.flatMap((block) =>
      block.type === 'tool_use'
        ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: 'No.', is_error: true }]
        : [],
    );
    upstream.answer(recordedAnswer('cohere-text.json'));
    const turns = [
      { role: 'assistant' as const, content: content as Anthropic.ContentBlockParam[] },
      { role: 'user' as const, content: [...failed, { type: 'text' as const, text: 'And now?' }] },
    ];
    await anthropic.messages.create({ ...body, tools, messages: [...question, ...turns] });
    const document = { type: 'document', document: { data: { error: 'No.' } } };
    expect((sent() as { messages: unknown[] }).messages.slice(2)).toMatchObject([
      { role: 'tool', content: [document] },
      { role: 'tool', content: [document] },
      { role: 'user', content: 'And now?' },
    ]);
  });

  test('a text document becomes one that can be cited, and a PDF is refused', async () => {
    upstream.answer(recordedAnswer('cohere-citations.json'));
    const ask = (source: Anthropic.DocumentBlockParam['source']) =>
      anthropic.messages.create({
        ...body,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'document', title: 'a', source },
              { type: 'text', text: 'x' },
            ],
          },
        ],
      });
    await ask({ type: 'text', media_type: 'text/plain', data: 'Words.' });
    expect(sent()).toMatchObject({
      messages: [{ role: 'user', content: 'x' }],
      documents: [{ data: { title: 'a', text: 'Words.' } }],
    });
    const pdf = ask({ type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' });
    await expect(pdf).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('Documents are text') as string,
    });
  });

  test('a stream that is cut ends with an error', async () => {
    const { chunks = [] } = recordedStream('cohere-text.chunks.txt');
    upstream.answer({ headers: EVENT_STREAM, chunks: chunks.slice(0, 6), end: 'reset' });
    await expect(anthropic.messages.stream(body).finalMessage()).rejects.toThrow(/broke/);
  });
});

describe("Cohere's SDK", () => {
  test('documents reach a provider of another dialect in the question', async () => {
    const chunk = { choices: [{ index: 0, delta: { content: 'Yes.' }, finish_reason: 'stop' }] };
    upstream.answer({ headers: EVENT_STREAM, chunks: [`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`] });
    const said = await gather(
      await cohereClient(gateway.url).chatStream({
        model: 'gpt',
        messages: [{ role: 'user', content: 'Is it so?' }],
        documents: ['First.', { id: 'b', data: { title: 'B', snippet: 'Second.' } }],
      }),
    );
    expect([said.text, said.reason]).toEqual(['Yes.', 'COMPLETE']);
    expect(JSON.stringify(sent())).toMatch(/First\..*Second\..*Is it so\?/s);
  });
});
