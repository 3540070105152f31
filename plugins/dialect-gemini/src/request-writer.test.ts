/** Requests written: again as they were read, and from other dialects. */
import type { ChatRequest, JsonObject } from '@gatewright/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { body } from './bodies.test.kit.ts';
import { generateCodec } from './codec.ts';
import { again, dropping, strict } from './wire.test.kit.ts';

describe('a request of this dialect', () => {
  test('is written as it was read', () => {
    fc.assert(
      fc.property(body, (request) => {
        expect(again(request)).toEqual(request);
      }),
      { numRuns: 500 },
    );
  });

  test('in snake case is written in camel case', () => {
    const snake = {
      contents: [{ parts: [{ inline_data: { mime_type: 'image/png', data: 'AA==' } }] }],
      generation_config: { top_p: 1 },
    };
    const camel = {
      contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }] }],
      generationConfig: { topP: 1 },
    };
    expect(again(snake)).toEqual(camel);
  });
});

const foreign = (request: Partial<ChatRequest>): ChatRequest => ({
  model: 'm',
  stream: false,
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
  ...request,
});
const write = (request: Partial<ChatRequest>, context = strict('gemini-2.5-flash')) =>
  generateCodec.encodeRequest(foreign(request), context);

describe('a request of another dialect', () => {
  test('messages, calls and results are regrouped', () => {
    const written = write({
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'a' }] },
        { role: 'developer', parts: [{ type: 'text', text: 'b' }] },
        { role: 'user', parts: [{ type: 'text', text: 'weather?' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'text', text: '' },
            { type: 'tool-call', id: '1', name: 'f', arguments: '{"a":1}' },
            { type: 'tool-call', id: '2', name: 'g', arguments: '' },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool-result', id: '1', parts: [{ type: 'text', text: '{"ok":true}' }] }] },
        {
          role: 'tool',
          parts: [{ type: 'tool-result', id: '2', isError: true, parts: [{ type: 'text', text: 'no' }] }],
        },
        { role: 'user', parts: [{ type: 'text', text: 'so?' }] },
      ],
    });
    expect(written).toEqual({
      systemInstruction: { parts: [{ text: 'a' }, { text: 'b' }] },
      contents: [
        { role: 'user', parts: [{ text: 'weather?' }] },
        {
          role: 'model',
          parts: [
            { functionCall: { id: '1', name: 'f', args: { a: 1 } } },
            { functionCall: { id: '2', name: 'g', args: {} } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { id: '1', name: 'f', response: { ok: true } } },
            { functionResponse: { id: '2', name: 'g', response: { error: 'no' } } },
            { text: 'so?' },
          ],
        },
      ],
    });
  });

  test('from version 3 on, the first of several calls gets the signature that stands for none', () => {
    const messages: ChatRequest['messages'] = [
      {
        role: 'assistant',
        parts: [
          { type: 'tool-call', id: '1', name: 'f', arguments: '{}' },
          { type: 'tool-call', id: '2', name: 'f', arguments: '{}' },
        ],
      },
    ];
    const signatures = (model: string) =>
      (write({ messages }, strict(model))['contents'] as { parts: JsonObject[] }[])[0]?.parts.map(
        (one) => one['thoughtSignature'],
      );
    expect(signatures('gemini-3-pro')).toEqual(['skip_thought_signature_validator', undefined]);
    expect(signatures('gemini-2.5-pro')).toEqual([undefined, undefined]);
  });

  test('settings, tools and the shape of the answer', () => {
    const parameters = { type: 'object', properties: {} };
    expect(
      write({
        temperature: 1,
        maxOutput: 5,
        stop: ['x'],
        seed: 1,
        candidates: 1,
        logprobs: { top: 2 },
        serviceTier: 'default',
        tools: [{ kind: 'function', name: 'f', parameters }],
        toolChoice: { kind: 'required' },
        responseFormat: { kind: 'schema', name: 'n', schema: parameters, description: 'd' },
      }),
    ).toMatchObject({
      generationConfig: {
        temperature: 1,
        maxOutputTokens: 5,
        stopSequences: ['x'],
        seed: 1,
        responseLogprobs: true,
        logprobs: 2,
        responseMimeType: 'application/json',
        responseJsonSchema: { ...parameters, description: 'd' },
      },
      serviceTier: 'standard',
      tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: parameters }] }],
      toolConfig: { functionCallingConfig: { mode: 'ANY' } },
    });
  });

  test.each([
    ['tool_call_id', { messages: [{ role: 'tool', parts: [{ type: 'tool-result', id: '9', parts: [] }] }] }],
    ['role', { messages: [...foreign({}).messages, { role: 'system', parts: [{ type: 'text', text: 'x' }] }] }],
    ['name', { messages: [{ role: 'user', name: 'ada', parts: [{ type: 'text', text: 'x' }] }] }],
    ['parallel_tool_calls', { parallelTools: false, tools: [{ kind: 'function', name: 'f' }] }],
    ['stop', { stop: ['1', '2', '3', '4', '5', '6'] }],
    ['metadata', { metadata: { a: 'b' } }],
    ['service_tier', { serviceTier: 'gold' }],
    ['tools.0', { tools: [{ kind: 'opaque', dialect: 'other', value: {} }] }],
    ['tool_choice', { toolChoice: { kind: 'opaque', dialect: 'other', value: {} } }],
    ['logit_bias', { rest: { dialect: 'other', fields: { logit_bias: {}, $note: 1 } } }],
    [
      'messages.0.content.0.extra',
      {
        messages: [
          { role: 'user', parts: [{ type: 'text', text: 'x', rest: { dialect: 'other', fields: { extra: 1 } } }] },
        ],
      },
    ],
    [
      'messages.0.content.0',
      { messages: [{ role: 'user', parts: [{ type: 'opaque', dialect: 'other', value: {} }] }] },
    ],
    [
      'messages.0.content.0',
      { messages: [{ role: 'user', parts: [{ type: 'image', source: { kind: 'file', id: 'f' } }] }] },
    ],
    [
      'detail',
      {
        messages: [
          {
            role: 'user',
            parts: [{ type: 'image', detail: 'high', source: { kind: 'url', url: 'https://x.example/a.png' } }],
          },
        ],
      },
    ],
    [
      'messages.0.content.0',
      { messages: [{ role: 'assistant', parts: [{ type: 'reasoning', text: 'x', origin: 'other', signature: 's' }] }] },
    ],
    ['cache_control', { cache: {} }],
    ['user', { endUser: 'ada' }],
  ] as [string, Partial<ChatRequest>][])('%s is said to be left out', (field, request) => {
    const context = dropping('gemini-2.5-flash');
    write(request, context);
    expect(context.notes.some((note) => note === field || note.endsWith(`.${field}`))).toBe(true);
    expect(() => write(request)).toThrow(/^(unsupported|warned of) /);
  });
});

describe('thinking', () => {
  const config = (reasoning: ChatRequest['reasoning'], model: string) => {
    const written = write({ reasoning: reasoning ?? {} }, strict(model));
    return (written['generationConfig'] as JsonObject | undefined)?.['thinkingConfig'];
  };

  test.each([
    [{ effort: 'low' }, 'gemini-3-pro', { thinkingLevel: 'LOW' }],
    [{ effort: 'max' }, 'gemini-3-pro', { thinkingLevel: 'HIGH' }],
    [{ effort: 'medium' }, 'gemini-2.5-pro', { thinkingBudget: 8192 }],
    [{ effort: 'none' }, 'gemini-2.5-flash', { thinkingBudget: 0 }],
    [{ mode: 'disabled' }, 'gemini-3-pro', { thinkingBudget: 0 }],
    [{ mode: 'enabled', budgetTokens: 2048 }, 'gemini-2.5-pro', { thinkingBudget: 2048, includeThoughts: true }],
    [{ mode: 'adaptive' }, 'gemini-2.5-pro', { thinkingBudget: -1, includeThoughts: true }],
    [{ mode: 'adaptive', effort: 'high' }, 'gemini-3-pro', { thinkingLevel: 'HIGH', includeThoughts: true }],
    [{}, 'gemini-3-pro', undefined],
  ] as const)('%j for %s', (reasoning, model, expected) => {
    expect(config(reasoning, model)).toEqual(expected);
  });
});
