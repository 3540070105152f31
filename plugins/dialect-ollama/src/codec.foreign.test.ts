/** What other dialects say and this one cannot is refused or told, and never lost in silence. */
import type { ChatRequest, Message, Part } from '@gatewright/core';
import { expect, test } from 'vitest';
import { codec } from './codec.ts';
import { toldContext } from './wire.test.kit.ts';

const asked = (more: Partial<ChatRequest>) => {
  const context = toldContext('m');
  const messages: Message[] = [{ role: 'user', parts: [{ type: 'text', text: 'Hi.' }] }];
  const body = codec.encodeRequest({ model: 'm', stream: false, messages, ...more }, context);
  return { body, told: context.told };
};

const tool = { kind: 'function', name: 'f', parameters: { type: 'object' } } as const;

test.each<[string, Partial<ChatRequest>, string[]]>([
  ['several answers', { candidates: 2 }, ['unsupported n']],
  ['probabilities', { logprobs: {} }, ['unsupported logprobs']],
  ['a forced tool', { tools: [tool], toolChoice: { kind: 'required' } }, ['unsupported tool_choice']],
  ['one tool at a time', { parallelTools: false }, ['unsupported parallel_tool_calls']],
  ['metadata', { metadata: { a: 'b' } }, ['unsupported metadata']],
  ['a tier', { serviceTier: 'flex' }, ['unsupported service_tier']],
  ['the default tier', { serviceTier: 'auto' }, []],
  ['an end user', { endUser: 'u' }, ['warn user']],
  ['a strict tool', { tools: [{ ...tool, strict: true }] }, ['warn tools.0.strict']],
  ['a foreign tool', { tools: [{ kind: 'opaque', dialect: 'x', value: {} }] }, ['unsupported tools.0']],
  ['a foreign field', { rest: { dialect: 'x', fields: { odd: 1, $form: 2 } } }, ['unsupported odd']],
])('%s', (_what, more, told) => {
  expect(asked(more).told).toEqual(told);
});

test.each<[string, Part, string[]]>([
  ['an address of an image', { type: 'image', source: { kind: 'url', url: 'https://a.example/b' } }, ['unsupported']],
  ['a PDF', { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'A' } }, ['unsupported']],
  ['a sound', { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'A' } }, ['unsupported']],
  ["others' thoughts", { type: 'reasoning', text: 'Hm.', origin: 'x' }, ['warn']],
  ['a foreign part', { type: 'opaque', dialect: 'x', value: {} }, ['unsupported']],
  ['a cache mark', { type: 'text', text: 'Hi.', cache: {} }, ['warn']],
  ['plain text', { type: 'document', source: { kind: 'text', mediaType: 'text/plain', text: 'Hi.' } }, []],
])('in a message, %s', (_what, part, told) => {
  const { told: all } = asked({ messages: [{ role: 'user', parts: [part] }] });
  expect(all.map((one) => one.split(' ')[0])).toEqual(told);
});

test('tools that must not be called are not shown', () => {
  expect(asked({ tools: [tool], toolChoice: { kind: 'none' } }).body).not.toHaveProperty('tools');
});

test.each<[ChatRequest['reasoning'], unknown]>([
  [{ effort: 'none' }, false],
  [{ effort: 'low' }, true],
  [{ mode: 'adaptive' }, true],
  [{ mode: 'disabled' }, false],
  [{ budgetTokens: 4096 }, true],
  [{}, undefined],
])('the wish to think %j is %j', (reasoning, think) => {
  expect(asked({ reasoning: reasoning ?? {} }).body['think']).toEqual(think);
});

test.each([
  ['none', false],
  ['minimal', 'low'],
  ['medium', 'medium'],
  ['xhigh', 'high'],
])('models with levels are told one for %s', (effort, think) => {
  const context = toldContext('gpt-oss:20b');
  const request = { model: 'm', stream: false, messages: [], reasoning: { effort } };
  expect(codec.encodeRequest(request, context)['think']).toBe(think);
});

test('results name the tool that was called, and stand in front of what was said with them', () => {
  const { body, told } = asked({
    messages: [
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'toolu_1', name: 'f', arguments: '{"a":1}' }] },
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'Here.' },
          { type: 'tool-result', id: 'toolu_1', parts: [{ type: 'text', text: '7' }], isError: true },
        ],
      },
    ],
  });
  expect(body['messages']).toEqual([
    { role: 'assistant', content: '', tool_calls: [{ id: 'toolu_1', function: { name: 'f', arguments: { a: 1 } } }] },
    { role: 'tool', content: '7', tool_call_id: 'toolu_1', tool_name: 'f' },
    { role: 'user', content: 'Here.' },
  ]);
  expect(told).toEqual(['warn messages.1.content.0.is_error']);
});

test('arguments that are no object are kept as a text, and that is said', () => {
  const part: Part = { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":' };
  const { body, told } = asked({ messages: [{ role: 'assistant', parts: [part] }] });
  const [{ tool_calls: calls } = {}] = body['messages'] as { tool_calls?: unknown }[];
  expect(calls).toEqual([{ id: 'c', function: { name: 'f', arguments: { arguments: '{"a":' } } }]);
  expect(told).toEqual(['warn messages.0.content.0.arguments']);
});
