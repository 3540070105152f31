/** The operations besides chat: what comes is what the API would give, and always the same. */
import { floatsOf } from '@gatewright/core';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ask, eventsIn, type Asking } from './rig.test.kit.ts';

async function answer(operation: NonNullable<Asking['operation']>, body: unknown): Promise<Record<string, unknown>> {
  const { status, text } = await ask({ operation, body });
  expect(status).toBe(200);
  return JSON.parse(text) as Record<string, unknown>;
}

describe('embeddings', () => {
  const embed = async (input: unknown, more: object = {}): Promise<number[][]> => {
    const { data } = await answer('embeddings', { model: 'sim', input, dimensions: 64, ...more });
    return (data as { embedding: number[] }[]).map(({ embedding }) => embedding);
  };
  const likeness = (a: number[] = [], b: number[] = []): number =>
    a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

  test('have the size that was asked for, and length 1', async () => {
    const [vector] = await embed('hello world');
    expect(vector).toHaveLength(64);
    expect(likeness(vector, vector)).toBeCloseTo(1, 5);
    expect((await embed('x', { dimensions: undefined }))[0]).toHaveLength(1536);
  });

  test('are alike where texts are, and the same for the same text', async () => {
    const [cat, kitten, tax] = await embed(['the cat sat', 'the cat slept', 'income declaration form']);
    expect(likeness(cat, kitten)).toBeGreaterThan(likeness(cat, tax) + 0.2);
    expect((await embed('the cat sat'))[0]).toEqual(cat);
  });

  test('come as base64 with the same values, and count their tokens', async () => {
    const [plain] = await embed('hello');
    const body = { model: 'sim', input: 'hello', dimensions: 64, encoding_format: 'base64' };
    const { data, usage } = (await answer('embeddings', body)) as { data: { embedding: string }[]; usage: unknown };
    expect(floatsOf(data[0]?.embedding ?? '')).toEqual(plain);
    expect(usage).toEqual({ prompt_tokens: expect.any(Number), total_tokens: expect.any(Number) });
  });

  test('of token ids', async () => {
    expect(await embed([[1, 2], [3]])).toHaveLength(2);
    expect(await embed([1, 2, 3])).toHaveLength(1);
  });

  test.each([
    ['nothing', { model: 'sim' }],
    ['an empty list', { model: 'sim', input: [] }],
    ['an object', { model: 'sim', input: [{}] }],
    ['no dimensions', { model: 'sim', input: 'x', dimensions: 0 }],
  ])('are refused for %s', async (_what, body) => {
    expect(await ask({ operation: 'embeddings', body })).toMatchObject({ status: 400 });
  });
});

describe('completions', () => {
  test('come whole, one choice for each prompt and alternative', async () => {
    const body = { model: 'sim', prompt: ['Once', 'Twice'], n: 2, max_tokens: 5 };
    const reply = await answer('completions', body);
    const choices = reply['choices'] as { index: number; finish_reason: string; text: string }[];
    expect(choices.map(({ index, finish_reason: reason }) => [index, reason])).toEqual(
      [0, 1, 2, 3].map((index) => [index, 'length']),
    );
    expect(reply).toMatchObject({ object: 'text_completion', usage: { completion_tokens: 20 } });
  });

  test('come in pieces, with usage behind them where it is asked for', async () => {
    const body = { model: 'sim', prompt: 'Once', stream: true, stream_options: { include_usage: true } };
    const events = eventsIn((await ask({ operation: 'completions', body })).text);
    expect(events.at(-1)).toBe('[DONE]');
    const chunks = events
      .slice(0, -1)
      .map((event) => JSON.parse(event) as { choices: { text: string }[]; usage: unknown });
    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) } });
    expect(chunks[0]?.usage).toBeNull();
  });
});

test('moderations flag what they have words for, one by one', async () => {
  const { results } = await answer('moderation', { model: 'sim', input: ['I will harm the robots', 'Good morning'] });
  expect(results).toMatchObject([
    { flagged: true, categories: { violence: true, hate: false }, category_scores: { violence: 0.9 } },
    { flagged: false },
  ]);
  const parts = [
    { type: 'text', text: 'attack' },
    { type: 'image_url', image_url: { url: 'https://x.example/y' } },
  ];
  expect(await answer('moderation', { model: 'sim', input: parts })).toMatchObject({ results: [{ flagged: true }] });
});

describe('images', () => {
  test('are pictures that can be read', async () => {
    const { data, usage } = (await answer('images', { model: 'sim', prompt: 'a cat', n: 2 })) as {
      data: { b64_json: string }[];
      usage: unknown;
    };
    expect(data).toHaveLength(2);
    const png = Buffer.from(data[0]?.b64_json ?? '', 'base64');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([16, 16]);
    const start = png.indexOf('IDAT') + 4;
    expect(inflateSync(png.subarray(start, png.indexOf('IEND') - 8))).toHaveLength(16 * (1 + 16 * 3));
    expect(data[0]).not.toEqual(data[1]);
    expect(usage).toMatchObject({ output_tokens: 2000, output_tokens_details: { image_tokens: 2000 } });
  });

  test('come as an address, or in pieces', async () => {
    const { data } = await answer('images', { model: 'sim', prompt: 'a cat', response_format: 'url' });
    expect(data).toEqual([{ url: expect.stringMatching(/^data:image\/png;base64,/) }]);
    const body = { model: 'sim', prompt: 'a cat', stream: true, partial_images: 2 };
    const events = eventsIn((await ask({ operation: 'images', body })).text);
    expect(events.map((event) => (JSON.parse(event) as { type: string }).type)).toEqual([
      'image_generation.partial_image',
      'image_generation.partial_image',
      'image_generation.completed',
    ]);
  });

  test.each([{ model: 'sim' }, { model: 'sim', prompt: 'x', n: 11 }])('are refused for %j', async (body) => {
    expect(await ask({ operation: 'images', body })).toMatchObject({ status: 400 });
  });
});

test('faults are asked for as in chat', async () => {
  expect(await ask({ operation: 'embeddings', body: { model: 'error-429', input: 'x' } })).toMatchObject({
    status: 429,
  });
  const prompt = 'Go on [simulate: error-503]';
  expect(await ask({ operation: 'completions', body: { model: 'sim', prompt } })).toMatchObject({ status: 503 });
});
