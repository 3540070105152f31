/** Mistral behind the gateway: its recorded answers to its own client and to others, and what becomes of their requests. */
import Anthropic from '@anthropic-ai/sdk';
import type { Plugin } from '@gatewright/core';
import providerMistral from '@gatewright/provider-mistral';
import { Mistral } from '@mistralai/mistralai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post, startGateway, type TestGateway } from './gateways.ts';
import { readRecordings, RECORDINGS_ABSENCE, recordingsThere, type Recording } from './recordings.ts';
import { answerOf, ask, recorded } from './replay.ts';
import { JSON_BODY, Upstream } from './upstream.ts';

const KEY = 'q9ZbTn3RkLw8PxVd';

let upstream: Upstream;
let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;
let mistral: Mistral;

beforeAll(async () => {
  upstream = await Upstream.start();
  const target = { provider: 'mistral', model: 'mistral-small-latest' };
  gateway = await startGateway({
    upstream: upstream.url,
    config: {
      plugins: [{ use: providerMistral as Plugin, with: { apiKey: KEY, baseUrl: `${upstream.url}/v1` } }],
      models: { small: { targets: [target] }, lax: { targets: [{ ...target, unsupported: 'drop' }] } },
    },
  });
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'client-key', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'client-key', maxRetries: 0 });
  mistral = new Mistral({ serverURL: gateway.url, apiKey: 'client-key' });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const say = (content: string) => [{ role: 'user' as const, content }];

function sentBody(): Record<string, unknown> {
  return JSON.parse(upstream.received.at(-1)?.body.toString() ?? '') as Record<string, unknown>;
}

interface Message {
  readonly content?: string | null | { text?: string }[];
}

/** The text of an answer, read without the gateway. */
function textOf(one: Recording): string {
  const events = [recorded(one)].flat() as { choices?: { delta?: Message; message?: Message }[] }[];
  const contents = events
    .flatMap(({ choices = [] }) => choices)
    .map(({ delta, message }) => (delta ?? message)?.content);
  return contents
    .map((content) => (typeof content === 'string' ? content : (content ?? []).map(({ text = '' }) => text).join('')))
    .join('');
}

describe.skipIf(!recordingsThere)(`recorded answers of Mistral${RECORDINGS_ABSENCE}`, () => {
  const own = readRecordings().filter(({ name }) => name.startsWith('vercel-ai/mistral/'));
  const named = own.map((one) => [one.name, one] as const);

  test('are there, whole and streamed, with thoughts and with tools', () => {
    expect(own.length).toBeGreaterThanOrEqual(7);
    for (const mark of ['"thinking"', '"tool_calls"']) expect(own.some(({ body }) => body.includes(mark))).toBe(true);
  });

  test.each(named)("%s reaches OpenAI's client as it is", async (_name, one) => {
    upstream.answer(answerOf(one));
    expect(await ask(openai, 'small', one)).toEqual(recorded(one));
    expect(sentBody()).toMatchObject({
      max_tokens: 99,
      random_seed: 7,
      messages: [{ role: 'system' }, { role: 'user' }],
    });
    expect(sentBody()).not.toHaveProperty('stream_options');
    expect(gateway.records.at(-1)?.usage?.output).toBeGreaterThan(0);
  });

  test.each(named)("%s is read by Mistral's own client", async (_name, one) => {
    upstream.answer(answerOf(one));
    const asked = { model: 'small', messages: say('Hello!'), randomSeed: 7, safePrompt: true };
    if (one.stream) {
      const reasons: unknown[] = [];
      for await (const { data } of await mistral.chat.stream(asked)) reasons.push(data.choices[0]?.finishReason);
      expect(reasons.at(-1)).toMatch(/^(stop|tool_calls)$/);
    } else {
      const answer = await mistral.chat.complete(asked);
      expect(answer.choices?.[0]?.finishReason).toMatch(/^(stop|tool_calls)$/);
    }
    expect(sentBody()).toMatchObject({ random_seed: 7, safe_prompt: true, model: 'mistral-small-latest' });
  });

  test.each(named)(
    "%s is understood: Anthropic's client gets its text, its thoughts and its calls",
    async (_name, one) => {
      upstream.answer(answerOf(one));
      const asked = { model: 'small', max_tokens: 99, messages: say('Hello!') };
      const answer = one.stream
        ? await anthropic.messages.stream(asked).finalMessage()
        : await anthropic.messages.create(asked);
      const texts = answer.content.map((block) => (block.type === 'text' ? block.text : ''));
      expect(texts.join('')).toBe(textOf(one));
      const types = new Set(answer.content.map(({ type }) => type));
      expect(types.has('thinking')).toBe(one.body.includes('"thinking"'));
      expect(types.has('tool_use')).toBe(/"tool_calls":\s*\[/.test(one.body.toString()));
    },
  );
});

const ANSWER = { choices: [{ index: 0, message: { role: 'assistant', content: 'Hi.' }, finish_reason: 'stop' }] };

describe('a request', () => {
  test("of Anthropic's client has ids of tool calls that Mistral takes, and says where an answer was begun", async () => {
    upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(ANSWER)] });
    await anthropic.messages.create({
      model: 'small',
      max_tokens: 9,
      metadata: { user_id: 'u-1' },
      messages: [
        ...say('Weather?'),
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_01AbC', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_01AbC', content: '3' }] },
        { role: 'assistant', content: 'It has' },
      ],
    });
    const [, call, result, begun] = sentBody()['messages'] as Record<string, unknown>[];
    const [{ id } = { id: '' }] = (call?.['tool_calls'] ?? []) as { id: string }[];
    expect(id).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(result).toMatchObject({ role: 'tool', tool_call_id: id });
    expect(begun).toEqual({ role: 'assistant', content: 'It has', prefix: true });
    expect(sentBody()).not.toHaveProperty('user');
  });

  test('for what Mistral has not is refused, or goes without it where the target says so', async () => {
    upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(ANSWER)] });
    const asked = { messages: say('Hello!'), logit_bias: { 50256: -100 } };
    const refused = openai.chat.completions.create({ model: 'small', ...asked });
    await expect(refused).rejects.toMatchObject({ status: 400, code: 'GW_UNSUPPORTED', param: 'logit_bias' });
    expect(upstream.received).toHaveLength(0);
    const response = await post(`${gateway.url}/v1/chat/completions`, { model: 'lax', ...asked });
    expect([response.status, response.headers.get('x-gatewright-warning')]).toEqual([
      200,
      expect.stringContaining('logit_bias'),
    ]);
    expect(sentBody()).not.toHaveProperty('logit_bias');
  });
});
