/** Requests of other dialects: what they become, and what cannot be expressed. */
import type { ChatRequest, FunctionTool, Message, Part, ReasoningSettings } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { codec, complete, dropping } from './wire.test.kit.ts';

const text = (words: string): Part => ({ type: 'text', text: words });
const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const plain: ChatRequest = { model: 'x', stream: false, messages: [user(text('hi'))] };
const encode = (more: Partial<ChatRequest>, to = complete()) => codec.encodeRequest({ ...plain, ...more }, to);
const said = (...messages: Message[]) => encode({ messages });
const look: FunctionTool = { kind: 'function', name: 'look', parameters: { type: 'object' } };
const call: Part = { type: 'tool-call', id: 'c1', name: 'look', arguments: '{}' };

describe('settings', () => {
  test('have the names of this dialect', () => {
    const more = { maxOutput: 9, topP: 0.5, topK: 3, seed: 1, temperature: 0, stop: ['a'], presencePenalty: 0.5 };
    expect(encode({ ...more, frequencyPenalty: 0, stream: true, logprobs: {}, serviceTier: 'auto' })).toEqual({
      model: 'command-test',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      max_tokens: 9,
      p: 0.5,
      k: 3,
      seed: 1,
      temperature: 0,
      stop_sequences: ['a'],
      presence_penalty: 0.5,
      logprobs: true,
    });
  });

  test('all tokens, and only the first, are the ends of the range', () => {
    expect([encode({ topP: 1 })['p'], encode({ topP: 0 })['p']]).toEqual([0.99, 0.01]);
  });

  test.each<[string, Partial<ChatRequest>]>([
    ['temperature', { temperature: 1.2 }],
    ['frequency_penalty', { frequencyPenalty: -0.5 }],
    ['presence_penalty', { presencePenalty: 1.5 }],
    ['seed', { seed: -1 }],
    ['top_k', { topK: 501 }],
    ['n', { candidates: 2 }],
    ['top_logprobs', { logprobs: { top: 2 } }],
    ['stop', { stop: ['1', '2', '3', '4', '5', '6'] }],
    ['metadata', { metadata: { a: 'b' } }],
    ['service_tier', { serviceTier: 'flex' }],
    ['parallel_tool_calls', { parallelTools: false, tools: [look] }],
    ['tool_choice', { toolChoice: { kind: 'tool', name: 'nobody' }, tools: [look] }],
    ['tools.strict', { tools: [look, { ...look, name: 'see', strict: true }] }],
    ['tools.0', { tools: [{ kind: 'opaque', dialect: 'other', value: {} }] }],
  ])('that cannot be expressed are named: %s', (field, more) => {
    const notes = dropping();
    encode(more, notes);
    expect(notes.dropped).toEqual([field]);
  });

  test('how much to think', () => {
    const thinking = (reasoning: ReasoningSettings) => encode({ reasoning }, dropping())['thinking'];
    expect(thinking({ effort: 'none' })).toEqual({ type: 'disabled' });
    expect(thinking({ mode: 'disabled' })).toEqual({ type: 'disabled' });
    expect(thinking({ mode: 'enabled', budgetTokens: 9 })).toEqual({ type: 'enabled', token_budget: 9 });
    expect(thinking({ effort: 'high' })).toEqual({ type: 'enabled' });
    expect(thinking({ mode: 'adaptive' })).toBeUndefined();
  });
});

describe('tools', () => {
  test('one that must be called is sent alone, and the others are told of', () => {
    const notes = dropping();
    const tools = [look, { ...look, name: 'see' }];
    const body = encode({ tools, toolChoice: { kind: 'tool', name: 'see' } }, notes);
    expect(body).toMatchObject({ tools: [{ function: { name: 'see' } }], tool_choice: 'REQUIRED' });
    expect(notes.warned).toEqual(['tools']);
  });

  test('are strict together, and have parameters', () => {
    const bare: FunctionTool = { kind: 'function', name: 'a', strict: true };
    expect(encode({ tools: [bare], toolChoice: { kind: 'auto' } })).toMatchObject({
      strict_tools: true,
      tools: [{ type: 'function', function: { name: 'a', parameters: { type: 'object', properties: {} } } }],
    });
    expect(encode({ tools: [], toolChoice: { kind: 'required' } })).not.toHaveProperty('tool_choice');
  });
});

describe('messages', () => {
  test('what was said before calls is their plan, and results are messages of their own', () => {
    const result: Part = { type: 'tool-result', id: 'c1', parts: [text('3 degrees')] };
    const { messages } = said(
      user(text('hi')),
      { role: 'assistant', parts: [text('I look.'), call] },
      user(result, text('So?')),
    );
    expect(messages).toEqual([
      { role: 'user', content: 'hi' },
      {
        role: 'assistant',
        tool_plan: 'I look.',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '3 degrees' },
      { role: 'user', content: 'So?' },
    ]);
  });

  test("another provider's thinking is not sent on, and leaves no empty message", () => {
    const notes = dropping();
    const thought: Part = { type: 'reasoning', text: 'Hm.', origin: 'other', signature: 's' };
    const messages = [user(text('hi')), { role: 'assistant' as const, parts: [thought] }];
    expect(encode({ messages }, notes)['messages']).toEqual([{ role: 'user', content: 'hi' }]);
    expect(notes.warned).toHaveLength(1);
  });

  test('images by address and as data, and several texts, are blocks', () => {
    const png: Part = {
      type: 'image',
      source: { kind: 'base64', mediaType: 'image/png', data: 'AA==' },
      detail: 'high',
    };
    const { messages } = said(user(png, { type: 'image', source: { kind: 'url', url: 'https://a.b/c' } }, text('?')));
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'high' } },
          { type: 'image_url', image_url: { url: 'https://a.b/c' } },
          { type: 'text', text: '?' },
        ],
      },
    ]);
  });

  test('documents with text in them stand beside the messages', () => {
    const source = { kind: 'base64' as const, mediaType: 'text/markdown', data: Buffer.from('# A').toString('base64') };
    const parts: Part = { type: 'document', source: { kind: 'parts', parts: [text('B'), text('C')] }, context: 'old' };
    expect(said(user({ type: 'document', source, title: 'a' }, parts, text('?')))).toMatchObject({
      messages: [{ role: 'user', content: '?' }],
      documents: [{ data: { title: 'a', text: '# A' } }, { data: { text: 'B\nC', context: 'old' } }],
    });
  });

  test.each<[string, Message]>([
    [
      'messages.0.content.0',
      user({ type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: '' } }),
    ],
    ['messages.0.content.0', user({ type: 'audio', source: { kind: 'url', url: 'https://a.b' } })],
    ['messages.0.content.0', user({ type: 'image', source: { kind: 'file', id: 'f', origin: 'other' } })],
    ['messages.0.name', { ...user(text('x')), name: 'bob' }],
    [
      'messages.0.content.0',
      { role: 'system', parts: [{ type: 'image', source: { kind: 'url', url: 'https://a.b' } }] },
    ],
    ['messages.0.content.0', user({ type: 'opaque', dialect: 'other', value: {} })],
  ])('that cannot be expressed are named: %s', (field, message) => {
    const notes = dropping();
    encode({ messages: [message] }, notes);
    expect(notes.dropped).toEqual([field]);
  });
});
