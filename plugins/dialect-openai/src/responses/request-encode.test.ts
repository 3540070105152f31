/** Requests of other dialects, written for a provider of this one: by the vendor's schema, or refused by name. */
import { describe, expect, test } from 'vitest';
import type { ChatRequest, EncodeContext, JsonObject } from '@gatewright/core';
import fc from 'fast-check';
import { chatCodec } from '../chat-codec.ts';
import { request } from '../neutral.test.kit.ts';
import * as spec from '../spec.test.kit.ts';
import { codec, dropping, json, refusing, thrown } from './wire.test.kit.ts';

const hello: ChatRequest = {
  model: 'm',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
  stream: false,
};
const write = (more: Partial<ChatRequest>, context: EncodeContext = refusing) =>
  codec.encodeRequest({ ...hello, ...more }, context);

describe.skipIf(!spec.found)(`by the vendor's schema${spec.ABSENCE}`, () => {
  test('all that chat completions can say, but for what is dropped', () => {
    fc.assert(
      fc.property(request, (value) => {
        const context = dropping();
        const body = json(codec.encodeRequest(value, context));
        // An easy message is an input message too, which the schema's `oneOf` does not foresee.
        const found = spec.violations('CreateResponse', body).filter((one) => !one.startsWith('/input'));
        expect(found).toEqual([]);
        for (const item of [(body as JsonObject)['input'] ?? []].flat()) {
          if (typeof item !== 'string') expect(fits(item)).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});

const ITEMS = ['EasyInputMessage', 'OutputMessage', 'FunctionToolCall', 'FunctionCallOutputItemParam'];
const fits = (item: unknown): boolean => ITEMS.some((schema) => spec.violations(schema, item).length === 0);

describe('what there is no field for', () => {
  test.each<[string, Partial<ChatRequest>]>([
    ['stop', { stop: ['x'] }],
    ['seed', { seed: 1 }],
    ['top_k', { topK: 1 }],
    ['presence_penalty', { presencePenalty: 1 }],
    ['frequency_penalty', { frequencyPenalty: 1 }],
    ['n', { candidates: 2 }],
    ['max_tokens', { maxOutput: 15 }],
    ['service_tier', { serviceTier: 'turbo' }],
    ['tool_choice', { toolChoice: { kind: 'opaque', dialect: 'acme', value: {} } }],
    ['messages[0].name', { messages: [{ role: 'user', name: 'Ada', parts: [{ type: 'text', text: 'x' }] }] }],
    [
      'messages[0].content[0]',
      {
        messages: [
          { role: 'user', parts: [{ type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'AA' } }] },
        ],
      },
    ],
    [
      'messages[0].content[0]',
      { messages: [{ role: 'user', parts: [{ type: 'image', source: { kind: 'file', id: 'f', origin: 'acme' } }] }] },
    ],
    [
      'messages[0].content[0]',
      {
        messages: [
          { role: 'assistant', parts: [{ type: 'image', source: { kind: 'url', url: 'https://a.example' } }] },
        ],
      },
    ],
  ])('%s is refused', (field, more) => {
    expect(thrown(() => write(more)).details.param).toBe(field);
    const context = dropping();
    expect(write(more, context)).toBeDefined();
    expect(context.dropped).toEqual([field]);
  });
});

describe('what is said otherwise', () => {
  test('functions are not strict unless they say so, and nothing is kept', () => {
    expect(write({ tools: [{ kind: 'function', name: 'look' }] })).toMatchObject({
      store: false,
      tools: [{ type: 'function', name: 'look', parameters: null, strict: false }],
    });
  });

  test('what a model said is plain text, or an answer where it refused', () => {
    const parts = [
      { type: 'text' as const, text: 'A' },
      { type: 'text' as const, text: 'B' },
    ];
    expect(write({ messages: [{ role: 'assistant', parts }] })['input']).toEqual([
      { role: 'assistant', content: 'AB' },
    ]);
    const refused = write({ messages: [{ role: 'assistant', parts: [...parts, { type: 'refusal', text: 'C' }] }] })[
      'input'
    ];
    expect(refused).toMatchObject([
      { type: 'message', id: expect.stringMatching(/^msg_/), content: [{}, {}, { refusal: 'C' }] },
    ]);
  });

  test('results come right behind their calls, whatever stands around them', () => {
    const call = { type: 'tool-call' as const, id: 'x'.repeat(80), name: 'look', arguments: '{}' };
    const result = {
      type: 'tool-result' as const,
      id: call.id,
      parts: [{ type: 'text' as const, text: 'a tree' }],
      isError: true,
    };
    const context = dropping();
    const { input } = write(
      {
        messages: [
          { role: 'assistant', parts: [call] },
          { role: 'user', parts: [{ type: 'text', text: 'And?' }, result] },
        ],
      },
      context,
    );
    const [first, second, third] = input as JsonObject[];
    expect([first?.['type'], second?.['type'], third?.['content']]).toEqual([
      'function_call',
      'function_call_output',
      'And?',
    ]);
    // The API takes ids of at most 64 characters.
    expect(first?.['call_id']).toMatch(/^[0-9a-f]{64}$/);
    expect(second?.['call_id']).toBe(first?.['call_id']);
    expect(context.warned).toEqual(['is_error']);
  });

  test('a user’s id that is too long is its hash', () => {
    expect(write({ endUser: 'x'.repeat(65) })['safety_identifier']).toMatch(/^[0-9a-f]{64}$/);
    expect(write({ endUser: 'ada' })['safety_identifier']).toBe('ada');
  });

  test('log probabilities are asked for in two places', () => {
    expect(write({ logprobs: { top: 2 } })).toMatchObject({
      include: ['message.output_text.logprobs'],
      top_logprobs: 2,
    });
  });

  test('a chat completion and a response say the same of each other', () => {
    const body = {
      model: 'm',
      messages: [{ role: 'user', content: 'Hello' }],
      max_completion_tokens: 99,
      reasoning_effort: 'low',
    };
    const response = codec.encodeRequest(chatCodec.decodeRequest(body, { headers: {} }), refusing);
    expect(response).toEqual({
      model: 'm',
      input: [{ role: 'user', content: 'Hello' }],
      max_output_tokens: 99,
      reasoning: { effort: 'low' },
      store: false,
    });
  });
});
