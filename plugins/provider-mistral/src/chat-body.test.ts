import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@gatewright/core';
import { chatBody } from './chat-body.ts';
import { toldContext } from './context.test.kit.ts';

function adjusted(body: JsonObject, safePrompt = false): [JsonObject, string[]] {
  const context = toldContext();
  const before = JSON.stringify(body);
  const after = chatBody(body, context, safePrompt);
  expect(JSON.stringify(body), 'the argument is left alone').toBe(before);
  return [after, context.told];
}

test("settings get their names, and what is Mistral's own is left alone", () => {
  const body = {
    model: 'm',
    max_completion_tokens: 9,
    seed: 7,
    tool_choice: 'required',
    stream: true,
    stream_options: { include_usage: true },
    safe_prompt: false,
    prompt_mode: 'reasoning',
    reasoning_effort: 'high',
    temperature: 0,
    service_tier: 'default',
    modalities: ['text'],
    logprobs: false,
    stop: null,
  };
  const wanted = {
    model: 'm',
    max_tokens: 9,
    random_seed: 7,
    tool_choice: 'any',
    stream: true,
    safe_prompt: false,
    prompt_mode: 'reasoning',
    reasoning_effort: 'high',
    temperature: 0,
    service_tier: 'standard_only',
  };
  expect(adjusted(body, true)).toEqual([wanted, []]);
  expect(adjusted({ model: 'm' }, true)).toEqual([{ model: 'm', safe_prompt: true }, []]);
});

test.each([
  ['max_completion_tokens', 'max_tokens'],
  ['seed', 'random_seed'],
])('where both %s and %s are there, the latter counts', (ours, theirs) => {
  expect(adjusted({ [ours]: 1, [theirs]: 2 })).toEqual([{ [theirs]: 2 }, []]);
});

test.each([
  ['user', 'u-1', 'warn user'],
  ['safety_identifier', 's-1', 'warn safety_identifier'],
  ['store', true, 'warn store'],
  ['logprobs', true, 'unsupported logprobs'],
  ['top_logprobs', 3, 'unsupported top_logprobs'],
  ['logit_bias', { 1: 2 }, 'unsupported logit_bias'],
  ['functions', [], 'unsupported functions'],
  ['web_search_options', {}, 'unsupported web_search_options'],
  ['service_tier', 'flex', 'unsupported service_tier'],
  ['modalities', ['text', 'audio'], 'unsupported modalities'],
])('%s: %j is left out, and said', (field, value, told) => {
  expect(adjusted({ model: 'm', [field]: value })).toEqual([{ model: 'm' }, [told]]);
});

test('what nobody knows goes on: Mistral may', () => {
  expect(adjusted({ new_thing: 1, guardrails: [] })).toEqual([{ new_thing: 1, guardrails: [] }, []]);
});

describe('messages', () => {
  const sent = (...messages: JsonObject[]): [unknown, string[]] => {
    const [{ messages: after }, told] = adjusted({ messages });
    return [after, told];
  };

  test("of developers are the system's", () => {
    expect(sent({ role: 'developer', content: 'Be brief.' })).toEqual([[{ role: 'system', content: 'Be brief.' }], []]);
  });

  test('that come back from an answer lose what only answers have', () => {
    const answer = {
      role: 'assistant',
      content: 'Hi.',
      refusal: null,
      annotations: [],
      audio: null,
      function_call: null,
    };
    expect(sent(answer, { role: 'user', content: 'And?' })[0]).toEqual([
      { role: 'assistant', content: 'Hi.' },
      { role: 'user', content: 'And?' },
    ]);
  });

  test("keep Mistral's own thoughts, and lose those of others with a warning", () => {
    const thinking = { role: 'assistant', content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] };
    const user = { role: 'user', content: 'And?' };
    expect(sent(thinking, user)).toEqual([[thinking, user], []]);
    const foreign = { role: 'assistant', content: 'Hi.', reasoning_content: 'Hm.' };
    expect(sent(foreign, { ...user, name: 'ada' })).toEqual([
      [{ role: 'assistant', content: 'Hi.' }, user],
      ['warn messages.reasoning_content', 'warn messages.name'],
    ]);
  });

  test('of calls and results keep pace with each other, whatever their ids were', () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
    const [messages] = sent(
      { role: 'assistant', content: null, tool_calls: [call('call_abc123'), call('gSIMJiOkT')] },
      { role: 'tool', tool_call_id: 'gSIMJiOkT', content: '1' },
      { role: 'tool', tool_call_id: 'call_abc123', content: '2' },
    );
    const [{ tool_calls: calls = [] } = {}, own, made] = messages as {
      tool_calls?: { id: string }[];
      tool_call_id?: string;
    }[];
    expect(calls[1]?.id).toBe('gSIMJiOkT');
    expect(own?.tool_call_id).toBe('gSIMJiOkT');
    expect(calls[0]?.id).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(made?.tool_call_id).toBe(calls[0]?.id);
  });

  test("that end with an answer's beginning say that it is one", () => {
    const user = { role: 'user', content: 'Count.' };
    const begun = { role: 'assistant', content: 'One, ' };
    expect(sent(user, begun)[0]).toEqual([user, { ...begun, prefix: true }]);
    expect(sent(user, { ...begun, prefix: false })[0]).toEqual([user, { ...begun, prefix: false }]);
    expect(sent(user, begun, user)[0]).toEqual([user, begun, user]);
  });

  test("with documents have them in Mistral's form", () => {
    const file = { file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' };
    const text = { type: 'text', text: 'What is it?' };
    expect(sent({ role: 'user', content: [text, { type: 'file', file }] })[0]).toEqual([
      {
        role: 'user',
        content: [text, { type: 'document_url', document_url: file.file_data, document_name: 'a.pdf' }],
      },
    ]);
  });

  test.each([['no list'], [[7, 'x']], [[{ role: 'critic', content: 1 }]]])(
    'that are none are left to Mistral: %j',
    (messages) => {
      expect(adjusted({ messages })[0]).toEqual({ messages });
    },
  );
});
