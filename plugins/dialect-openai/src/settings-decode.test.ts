/** What the settings of a client's request mean, and which of them mean nothing to others. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@gatewright/core';
import { ask, decodeRequest, requestAgain } from './wire.test.kit.ts';

const user = { role: 'user', content: 'Hi' };

/** What other dialects have to look at: the fields that only this one has. */
const foreign = (body: JsonObject): string[] =>
  Object.keys(decodeRequest(body).rest?.fields ?? {}).filter((key) => !key.startsWith('$'));

const decoded = (body: JsonObject) => {
  const { rest: _rest, messages: _messages, ...settings } = decodeRequest({ ...ask(user), ...body });
  expect(requestAgain({ ...ask(user), ...body })).toEqual({ ...ask(user), ...body });
  return settings;
};

describe('settings', () => {
  test('all that have a neutral name', () => {
    const body = {
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      n: 2,
      stop: ['a', 'b'],
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: -0.1,
      logprobs: true,
      top_logprobs: 3,
      reasoning_effort: 'high',
      parallel_tool_calls: false,
      safety_identifier: 'u1',
      metadata: { a: 'b' },
      service_tier: 'flex',
    };
    expect(decoded(body)).toEqual({
      model: 'm',
      stream: true,
      streamUsage: true,
      maxOutput: 100,
      temperature: 0.5,
      topP: 0.9,
      candidates: 2,
      stop: ['a', 'b'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: -0.1,
      logprobs: { top: 3 },
      reasoning: { effort: 'high' },
      parallelTools: false,
      endUser: 'u1',
      metadata: { a: 'b' },
      serviceTier: 'flex',
    });
    expect(foreign({ ...ask(user), ...body })).toEqual([]);
  });

  test.each([
    ['n', 1],
    ['stream', false],
    ['store', false],
    ['store', null],
    ['logprobs', false],
    ['top_logprobs', null],
    ['presence_penalty', 0],
    ['frequency_penalty', 0],
    ['logit_bias', {}],
    ['logit_bias', null],
    ['modalities', ['text']],
    ['verbosity', 'medium'],
    ['service_tier', 'auto'],
    ['service_tier', 'default'],
    ['response_format', { type: 'text' }],
    ['tools', []],
    ['tools', null],
    ['stop', null],
    ['stop', []],
    ['metadata', {}],
    ['user', null],
    ['prompt_cache_key', 'k'],
    ['stream_options', null],
    ['stream_options', { include_usage: false }],
    ['temperature', null],
    ['anything', null],
    ['$bookkeeping', 'of a client'],
  ])('%s: %j says what happens anyway, and comes back as it was', (key, value) => {
    expect(decoded({ [key]: value })).toEqual({ model: 'm', stream: false });
    expect(foreign({ ...ask(user), [key]: value })).toEqual([]);
  });

  test.each([
    ['store', true],
    ['logit_bias', { 50256: -100 }],
    ['modalities', ['text', 'audio']],
    ['audio', { voice: 'alloy', format: 'wav' }],
    ['verbosity', 'low'],
    ['prediction', { type: 'content', content: 'x' }],
    ['web_search_options', {}],
    ['response_format', { type: 'grammar', grammar: 'x' }],
    ['metadata', { a: 1 }],
    ['prompt_cache_retention', '24h'],
    ['top_logprobs', 2],
    ['chat_template_kwargs', { thinking: false }],
    ['constructor', 'x'],
    ['toString', 1],
  ])('%s: %j means something that only this dialect has', (key, value) => {
    decoded({ [key]: value });
    expect(foreign({ ...ask(user), [key]: value })).toEqual([key]);
  });

  test('both names of the output limit; where both stand, the newer counts', () => {
    expect(decoded({ max_tokens: 10 })).toMatchObject({ maxOutput: 10 });
    expect(decoded({ max_tokens: 10, max_completion_tokens: 20 })).toMatchObject({ maxOutput: 20 });
  });

  test('one stop sequence, as a string', () => {
    expect(decoded({ stop: 'END' })).toMatchObject({ stop: ['END'] });
  });

  test('the older name of the end user, and both', () => {
    expect(decoded({ user: 'u' })).toMatchObject({ endUser: 'u' });
    expect(decoded({ user: 'u', safety_identifier: 's' })).toMatchObject({ endUser: 's' });
  });

  test('top_k, which servers of this dialect take', () => {
    expect(decoded({ top_k: 5 })).toMatchObject({ topK: 5 });
  });

  test('response formats', () => {
    const json_schema = { name: 'n', description: 'd', schema: { type: 'object' }, strict: true };
    expect(decoded({ response_format: { type: 'json_object' } })).toMatchObject({ responseFormat: { kind: 'json' } });
    expect(decoded({ response_format: { type: 'json_schema', json_schema } })).toMatchObject({
      responseFormat: { kind: 'schema', ...json_schema },
    });
    const unknown = { response_format: { type: 'json_schema', json_schema: { ...json_schema, more: 1 } } };
    expect(decoded(unknown)).toMatchObject({ responseFormat: { kind: 'schema', name: 'n' } });
    expect(foreign({ ...ask(user), ...unknown })).toEqual(['response_format']);
  });

  test('options of the stream besides usage', () => {
    expect(decoded({ stream: true, stream_options: { include_obfuscation: false } })).toEqual({
      model: 'm',
      stream: true,
    });
  });
});
