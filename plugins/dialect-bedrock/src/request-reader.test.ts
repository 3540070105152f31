/** Requests of this dialect, in the neutral form. */
import { describe, expect, test } from 'vitest';
import type { ChatRequest, JsonObject } from '@gatewright/core';
import { codec } from './wire.test.kit.ts';

const read = (body: JsonObject, stream = false): ChatRequest =>
  codec.decodeRequest({ messages: [], ...body }, { headers: {}, model: 'smart', stream });

test('model and stream come from the path', () => {
  expect(read({})).toMatchObject({ model: 'smart', stream: false });
  expect(read({}, true)).toMatchObject({ stream: true, streamUsage: true });
});

test('settings, as every dialect knows them', () => {
  const request = read({
    system: [{ text: 's' }, { cachePoint: { type: 'default' } }],
    inferenceConfig: { maxTokens: 5, temperature: 0, topP: 1, stopSequences: ['x'] },
    toolConfig: {
      tools: [{ toolSpec: { name: 't', description: 'd', inputSchema: { json: { type: 'object' } } } }],
      toolChoice: { any: {} },
    },
    outputConfig: { effort: 'high' },
    additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 }, top_k: 3 },
    requestMetadata: { a: 'b' },
    serviceTier: { type: 'flex' },
  });
  expect(request).toMatchObject({
    messages: [
      {
        role: 'system',
        parts: [
          {
            type: 'text',
            text: 's',
            cache: {},
          },
        ],
      },
    ],
    maxOutput: 5,
    temperature: 0,
    topP: 1,
    stop: ['x'],
    topK: 3,
    serviceTier: 'flex',
    metadata: { a: 'b' },
    tools: [
      {
        kind: 'function',
        name: 't',
        description: 'd',
        parameters: { type: 'object' },
      },
    ],
    toolChoice: { kind: 'required' },
    reasoning: {
      effort: 'high',
      mode: 'enabled',
      budgetTokens: 1024,
    },
  });
  // Nothing is left that another dialect would have to refuse.
  expect(Object.keys(request.rest?.fields ?? {}).filter((key) => !key.startsWith('$'))).toEqual([]);
});

test('what only this dialect has stays in the rest', () => {
  const { rest } = read({ guardrailConfig: { guardrailIdentifier: 'g' }, performanceConfig: { latency: 'optimized' } });
  expect(rest).toMatchObject({ dialect: 'bedrock-converse', fields: { guardrailConfig: {}, performanceConfig: {} } });
});

test('content of every kind', () => {
  const content = [
    { text: 'a' },
    { image: { format: 'png', source: { bytes: 'AAAA' } } },
    { document: { format: 'pdf', name: 'n', source: { bytes: 'AAAA' } } },
    { video: { format: 'mp4', source: { s3Location: { uri: 's3://b/k' } } } },
    { toolResult: { toolUseId: 'i', status: 'error', content: [{ json: { a: 1 } }, { text: 't' }] } },
    { guardContent: { text: { text: 'g' } } },
    { cachePoint: { type: 'default', ttl: '1h' } },
  ];
  expect(read({ messages: [{ role: 'user', content }] }).messages[0]?.parts).toMatchObject([
    { type: 'text', text: 'a' },
    { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
    { type: 'document', title: 'n', source: { kind: 'base64', mediaType: 'application/pdf' } },
    { type: 'opaque', dialect: 'bedrock-converse' },
    { type: 'tool-result', id: 'i', isError: true, parts: [{ text: '{"a":1}' }, { text: 't' }] },
    { type: 'opaque', cache: { ttl: '1h' } },
  ]);
});

describe('what is wrong is refused with its place', () => {
  test.each<[string, JsonObject, string]>([
    ['messages that are none', { messages: 'hi' }, 'messages'],
    ['a role that there is not', { messages: [{ role: 'tool', content: [] }] }, 'messages.0.role'],
    ['content that is a string', { messages: [{ role: 'user', content: 'hi' }] }, 'messages.0.content'],
    ['a block that is none', { messages: [{ role: 'user', content: ['hi'] }] }, 'messages.0.content.0'],
    ['text that is none', { messages: [{ role: 'user', content: [{ text: 1 }] }] }, 'messages.0.content.0.text'],
    [
      'a call without an id',
      { messages: [{ role: 'assistant', content: [{ toolUse: { name: 'x', input: {} } }] }] },
      'messages.0.content.0.toolUse.toolUseId',
    ],
    ['a limit that is no count', { inferenceConfig: { maxTokens: -1 } }, 'inferenceConfig.maxTokens'],
    [
      'a tool without a schema',
      { toolConfig: { tools: [{ toolSpec: { name: 'x' } }] } },
      'toolConfig.tools.0.toolSpec.inputSchema',
    ],
    ['metadata that are no text', { requestMetadata: { a: 1 } }, 'requestMetadata.a'],
  ])('%s', (_what, body, param) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: 'GW_BAD_REQUEST', details: expect.objectContaining({ param }) as unknown }),
    );
  });
});
