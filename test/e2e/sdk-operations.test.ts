/** The official OpenAI client asks for completions, moderations and images. */
import type { OpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failure, fits, OperationStage } from './operation-stage.ts';
import { EVENT_STREAM, JSON_BODY } from './upstream.ts';
import { ANTHROPIC_FRAMES, ANTHROPIC_HELLO, OPENAI_FRAMES, OPENAI_HELLO } from './wires.ts';

let stage: OperationStage;
let client: OpenAI;

beforeAll(async () => {
  stage = await OperationStage.open();
  client = stage.client;
});
afterAll(() => stage.close());

describe('completions', () => {
  test('whole, of a model that continues texts', async () => {
    const reply = {
      id: 'cmpl-1',
      object: 'text_completion',
      created: 1,
      model: 'gpt-3.5-turbo-instruct',
      choices: [{ text: ' upon a time', index: 0, logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 3, total_tokens: 4 },
    };
    stage.upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(reply)] });
    expect(await client.completions.create({ model: 'instruct', prompt: 'Once', suffix: '.', echo: true })).toEqual(
      reply,
    );
    expect(stage.upstream.received[0]?.path).toBe('/v1/completions');
    expect(stage.sent()).toEqual({ model: 'gpt-3.5-turbo-instruct', prompt: 'Once', suffix: '.', echo: true });
  });

  test('streamed, with usage', async () => {
    const stream = await client.completions.create({
      model: 'sim',
      prompt: 'Once',
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.Completion[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toContain('simulated');
    expect(chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(5);
  });

  test.each([
    ['gpt', OPENAI_HELLO, '/v1/chat/completions'],
    ['claude', ANTHROPIC_HELLO, '/v1/messages'],
    ['chatter', OPENAI_HELLO, '/v1/chat/completions'],
  ])('of %s, which only chats', async (model, reply, path) => {
    stage.upstream.answer({ headers: JSON_BODY, chunks: [reply] });
    const answer = await client.completions.create({ model, prompt: 'Say hello', max_tokens: 20, stop: ['###'] });
    expect(answer).toMatchObject({
      object: 'text_completion',
      choices: [{ text: 'Hello there', index: 0, finish_reason: 'stop', logprobs: null }],
    });
    fits('openai-completion', answer);
    expect(stage.upstream.received[0]?.path).toBe(path);
    expect(stage.sent()['messages']).toEqual([{ role: 'user', content: expect.anything() as unknown }]);
    expect(JSON.stringify(stage.sent())).toContain('Say hello');
    const record = await stage.gateway.record(stage.gateway.records.length - 1);
    expect([record.operation, record.usage?.input]).toEqual(['completions', expect.any(Number)]);
  });

  test.each([
    ['gpt', OPENAI_FRAMES],
    ['claude', ANTHROPIC_FRAMES],
  ])('streamed, of %s, which only chats', async (model, frames) => {
    stage.upstream.answer({ headers: EVENT_STREAM, chunks: frames });
    let text = '';
    const reasons: unknown[] = [];
    for await (const chunk of await client.completions.create({
      model,
      prompt: 'Say hello',
      max_tokens: 9,
      stream: true,
    })) {
      text += chunk.choices[0]?.text ?? '';
      if (chunk.choices[0]?.finish_reason) reasons.push(chunk.choices[0].finish_reason);
    }
    expect([text, reasons]).toEqual(['Hello there', ['stop']]);
  });

  test.each([
    ['two prompts', { prompt: ['a', 'b'] }, 'prompt'],
    ['token ids', { prompt: [1, 2] }, 'prompt'],
    ['a suffix', { prompt: 'a', suffix: 'b' }, 'suffix'],
    ['an echo', { prompt: 'a', echo: true }, 'echo'],
    ['the best of several', { prompt: 'a', best_of: 3 }, 'best_of'],
    ['a bias', { prompt: 'a', logit_bias: { '50256': -100 } }, 'logit_bias'],
  ])('with %s are refused for a model that only chats', async (_what, more, param) => {
    const error = await failure(client.completions.create({ model: 'claude', max_tokens: 5, ...more }));
    expect([error.status, error.code, error.param]).toEqual([400, 'GW_UNSUPPORTED', param]);
  });
});

describe('moderations', () => {
  test('without a model, of texts', async () => {
    const answer = await client.moderations.create({ input: ['I will harm them', 'Hello'] });
    expect(answer.results.map(({ flagged }) => flagged)).toEqual([true, false]);
    fits('openai-moderation', answer);
  });
});

describe('images', () => {
  test('whole, with their tokens counted', async () => {
    const answer = await client.images.generate({ model: 'sim', prompt: 'a cat', n: 2 });
    expect(answer.data).toHaveLength(2);
    expect(
      Buffer.from(answer.data?.[0]?.b64_json ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    fits('openai-images', answer);
    expect((await stage.gateway.record(stage.gateway.records.length - 1)).usage).toMatchObject({
      imageOutput: 2000,
      output: 0,
    });
  });

  test('streamed, pictures on the way first', async () => {
    const types: string[] = [];
    const stream = await client.images.generate({ model: 'sim', prompt: 'a cat', stream: true, partial_images: 2 });
    for await (const event of stream) types.push(event.type);
    expect(types).toEqual([
      'image_generation.partial_image',
      'image_generation.partial_image',
      'image_generation.completed',
    ]);
    const record = await stage.gateway.record(stage.gateway.records.length - 1);
    expect([record.result, record.usage?.imageOutput]).toEqual(['success', 1000]);
  });

  test('without a model', async () => {
    // The client calls this way of asking old; models that are retired took it.
    const body = { prompt: 'a cat', response_format: 'url' };
    const { data } = (await client.post('/images/generations', { body })) as OpenAI.ImagesResponse;
    expect(data?.[0]?.url).toMatch(/^data:/);
  });
});
