/** Whole answers: what they mean, that they come back as they were, and what is no answer. */
import { describe, expect, test } from 'vitest';
import type { JsonObject, Part } from '@gatewright/core';
import { answer, answerAgain, codec, thrown } from './wire.test.kit.ts';

const candidate = (message: JsonObject, choice: JsonObject = {}) => {
  const body = answer(message, choice);
  expect(answerAgain(body)).toEqual(body);
  return codec.decodeResponse(body).candidates[0];
};

const parts = (message: JsonObject): readonly Part[] => candidate(message)?.parts ?? [];

test('the head', () => {
  const body = answer({ content: 'Hi' }, {}, { service_tier: 'on_demand', system_fingerprint: 'fp', citations: ['u'] });
  expect(answerAgain(body)).toEqual(body);
  expect(codec.decodeResponse(body)).toMatchObject({
    id: 'chatcmpl-1',
    model: 'm',
    created: 1,
    serviceTier: 'on_demand',
    rest: { dialect: 'openai-chat', fields: { citations: ['u'], $aside: { system_fingerprint: 'fp' } } },
  });
});

describe('messages', () => {
  test('text, reasoning, refusal', () => {
    expect(parts({ content: 'Hi' })).toEqual([{ type: 'text', text: 'Hi' }]);
    expect(parts({ content: '' })).toEqual([]);
    expect(parts({ content: 'Hi', reasoning_content: 'Hm' })[0]).toEqual({
      type: 'reasoning',
      text: 'Hm',
      origin: 'openai-chat',
    });
    expect(parts({ content: 'Hi', reasoning: 'Hm', reasoning_details: [{ text: 'Hm' }] })[0]).toMatchObject({
      text: 'Hm',
    });
    expect(parts({ refusal: 'No' })).toEqual([{ type: 'refusal', text: 'No' }]);
    expect(parts({ content: 'Hi', refusal: null, annotations: [], tool_calls: null })).toEqual([
      { type: 'text', text: 'Hi' },
    ]);
  });

  test('reasoning in the content (Mistral)', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }], closed: true },
      { type: 'text', text: '4' },
    ];
    expect(parts({ content })).toMatchObject([
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: '4' },
    ]);
  });

  test('annotations', () => {
    const annotations = [{ type: 'url_citation', url_citation: { url: 'https://a.example' } }];
    expect(parts({ content: 'Hi', annotations })).toEqual([
      { type: 'text', text: 'Hi', citations: { dialect: 'openai-chat', items: annotations } },
    ]);
    expect(candidate({ annotations })?.rest?.fields).toMatchObject({ message: { annotations } });
  });

  test('spoken answers', () => {
    const audio = { id: 'audio_1', data: 'UklG', transcript: 'Hi', expires_at: 9 };
    expect(parts({ audio })).toEqual([
      {
        type: 'audio',
        source: { kind: 'base64', mediaType: 'audio/*', data: 'UklG' },
        transcript: 'Hi',
        rest: { dialect: 'openai-chat', fields: { id: 'audio_1', expires_at: 9 } },
      },
    ]);
  });

  test('calls: with an index, without a type, without an id, with arguments as an object', () => {
    const called = { name: 'f', arguments: '{}' };
    const of = (call: JsonObject) => parts({ tool_calls: [call] })[0];
    expect(of({ id: 'a', type: 'function', function: called })).toEqual({ type: 'tool-call', id: 'a', ...called });
    expect(of({ id: 'a', function: called, index: 0 })).toMatchObject({ id: 'a', ...called });
    expect(of({ type: 'function', function: called })).toMatchObject({ id: 'call_chatcmpl-1_0_0' });
    expect(of({ id: 'a', type: 'function', function: { name: 'f', arguments: { x: 1 } } })).toMatchObject({
      arguments: '{"x":1}',
    });
    expect(of({ id: 'a', type: 'function', function: called, extra_content: 1 })).toMatchObject({
      rest: { fields: { extra_content: 1 } },
    });
    expect(of({ id: 'a', type: 'custom', custom: { name: 'sh', input: 'ls' } })).toMatchObject({ type: 'opaque' });
    expect(parts({ function_call: called })).toMatchObject([{ type: 'tool-call', ...called }]);
  });

  test('fields that nobody knows, in the message and in the choice', () => {
    expect(
      candidate({ content: 'Hi', images: [1] }, { content_filter_results: {}, native_finish_reason: 'x' })?.rest
        ?.fields,
    ).toMatchObject({
      message: { images: [1] },
      native_finish_reason: 'x',
    });
  });

  test('log probabilities, in the API’s form and in another', () => {
    const logprobs = { content: [{ token: 'Hi' }], refusal: null };
    expect(candidate({ content: 'Hi' }, { logprobs })?.logprobs).toEqual({ content: [{ token: 'Hi' }] });
    const older = { tokens: ['Hi'], token_logprobs: [-1] };
    expect(candidate({ content: 'Hi' }, { logprobs: older })?.logprobs).toBeUndefined();
  });
});

test('several candidates, also where they are not counted', () => {
  const body = answer({ content: 'a' });
  body['choices'] = ['a', 'b'].map((content) => ({ message: { role: 'assistant', content }, finish_reason: 'stop' }));
  expect(answerAgain(body)).toEqual(body);
  expect(codec.decodeResponse(body).candidates.map(({ index }) => index)).toEqual([0, 1]);
});

test('an answer that leaves out what it can', () => {
  const body = { choices: [{ message: { content: 'Hi' } }], model: 'm' };
  expect(answerAgain(body)).toEqual(body);
  expect(codec.decodeResponse(body)).toMatchObject({ id: '', model: 'm', candidates: [{ index: 0 }] });
});

test('what a plugin has changed leaves nothing of the old', () => {
  const response = codec.decodeResponse(answer({ content: 'secret', reasoning: 'secret' }));
  const [first] = response.candidates;
  const mask = (part: Part): Part => ({ ...part, text: '[masked]' }) as Part;
  const masked = (first?.parts ?? []).map(mask);
  const body = codec.encodeResponse(
    { ...response, candidates: [{ index: 0, ...first, parts: masked }] },
    { model: 'm', warn() {}, unsupported() {} },
  );
  expect(JSON.stringify(body)).not.toContain('secret');
  expect(body).toMatchObject({ choices: [{ message: { content: '[masked]', reasoning: '[masked]' } }] });
});

describe('what is no answer', () => {
  test.each<[string, JsonObject]>([
    ['choices', {}],
    ['choices', { choices: null }],
    ['choices', { detail: 'Not Found' }],
    ['choices[0]', { choices: ['Hi'] }],
    ['choices[0].message', { choices: [{ text: 'Hi' }] }],
    ['choices[0].message.content', { choices: [{ message: { content: 7 } }] }],
    ['choices[0].message.tool_calls', { choices: [{ message: { tool_calls: {} } }] }],
    ['choices[0].message.tool_calls[0].function', { choices: [{ message: { tool_calls: [{ id: 'a' }] } }] }],
  ])('%s is wrong in %j', (path, body) => {
    const error = thrown(() => codec.decodeResponse(body));
    expect([error.code, error.status]).toEqual(['GW_UPSTREAM_INVALID', 502]);
    expect(error.message).toContain(path);
  });

  test.each<[JsonObject, string]>([
    [{ error: { message: 'Slow down', type: 'rate_limit_error' } }, 'Slow down'],
    [{ error: 'no such model' }, 'no such model'],
    [{ object: 'error', message: 'too long', code: 400 }, 'too long'],
    [
      { choices: [{ message: { content: '' }, finish_reason: 'error', error: { code: 502, message: 'Gone' } }] },
      'Gone',
    ],
  ])('%j is an error, for all that its status said', (body, message) => {
    const error = thrown(() => codec.decodeResponse(body));
    expect([error.code, error.message]).toEqual(['GW_UPSTREAM_ERROR', message]);
    expect(error.details.upstream?.message).toBe(message);
  });
});
