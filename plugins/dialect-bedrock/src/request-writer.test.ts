/** Requests of other dialects: what they become here, and what is refused. */
import type { ChatRequest, JsonObject, Message, Part } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { codec, complete, dropping } from './wire.test.kit.ts';

const text = (words: string): Part => ({ type: 'text', text: words });
const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const BASE: ChatRequest = { model: 'm', stream: false, messages: [user(text('hi'))] };
const CALL: Part = { type: 'tool-call', id: 'call_1', name: 'look', arguments: '{"at":"x"}' };
const RESULT: Part = { type: 'tool-result', id: 'call_1', parts: [text('seen')], isError: true };
const TOOL = { kind: 'function' as const, name: 'look', parameters: { properties: {} } };

const write = (request: Partial<ChatRequest>, model?: string): JsonObject =>
  codec.encodeRequest({ ...BASE, ...request }, complete(model));

/** The fields that were said to be inexpressible, and what was written without them. */
function drop(request: Partial<ChatRequest>, model = 'us.amazon.nova-pro-v1:0'): [string[], JsonObject] {
  const notes = dropping(model);
  const body = codec.encodeRequest({ ...BASE, ...request }, notes);
  return [notes.dropped, body];
}

describe('messages', () => {
  test('those of the system that lead become the prompt; later ones stand behind the turn of the user', () => {
    const messages: Message[] = [
      { role: 'system', parts: [text('a')] },
      { role: 'developer', parts: [text('b')] },
      user(text('hi')),
      { role: 'system', parts: [text('c')] },
      user(text('there')),
    ];
    expect(write({ messages })).toEqual({
      system: [{ text: 'a' }, { text: 'b' }],
      messages: [
        { role: 'user', content: [{ text: 'hi' }, { text: 'there' }] },
        { role: 'system', content: [{ text: 'c' }] },
      ],
    });
  });

  test('results of tools are the turn of the user, together and behind their calls', () => {
    const other: Part = { type: 'tool-result', id: 'call_2', parts: [text('')] };
    const messages: Message[] = [
      user(text('hi')),
      { role: 'assistant', parts: [text(''), CALL, { ...CALL, id: 'call_2', arguments: '' }] },
      { role: 'tool', parts: [RESULT] },
      { role: 'tool', parts: [other] },
    ];
    expect(write({ messages, tools: [TOOL] })['messages']).toEqual([
      { role: 'user', content: [{ text: 'hi' }] },
      {
        role: 'assistant',
        content: [
          { toolUse: { toolUseId: 'call_1', name: 'look', input: { at: 'x' } } },
          { toolUse: { toolUseId: 'call_2', name: 'look', input: {} } },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 'call_1', content: [{ text: 'seen' }], status: 'error' } },
          { toolResult: { toolUseId: 'call_2', content: [] } },
        ],
      },
    ]);
  });

  test('ids that this dialect does not allow get another, the same for call and result', () => {
    const id = `call:${'x'.repeat(80)}`;
    const messages: Message[] = [
      { role: 'assistant', parts: [{ ...CALL, id }] },
      { role: 'tool', parts: [{ ...RESULT, id }] },
    ];
    const [first, second] = write({ messages })['messages'] as { content: JsonObject[] }[];
    const call = (first?.content[0] as { toolUse: { toolUseId: string } } | undefined)?.toolUse.toolUseId;
    expect(call).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(second?.content[0]).toMatchObject({ toolResult: { toolUseId: call } });
  });

  test('arguments that are no JSON object are sent on, and said', () => {
    const notes = dropping();
    const messages: Message[] = [{ role: 'assistant', parts: [{ ...CALL, arguments: '{"at' }] }];
    const body = codec.encodeRequest({ ...BASE, messages }, notes);
    expect(body['messages']).toMatchObject([{ content: [{ toolUse: { input: { INVALID_JSON: '{"at' } } }] }]);
    expect(notes.warned).toEqual(['messages.0.content.0.arguments']);
  });

  test("another provider's thinking is left out, and that is said", () => {
    const notes = dropping();
    const thought: Part = { type: 'reasoning', text: 'hm', signature: 's', origin: 'acme' };
    const messages: Message[] = [user(text('hi')), { role: 'assistant', parts: [thought, text('yes')] }];
    const body = codec.encodeRequest({ ...BASE, messages }, notes);
    expect((body['messages'] as unknown[])[1]).toEqual({ role: 'assistant', content: [{ text: 'yes' }] });
    expect(notes.warned).toEqual(['messages.1.content.0']);
  });
});

describe('media', () => {
  const part = (one: Part): unknown =>
    (write({ messages: [user(one)] })['messages'] as { content: unknown[] }[])[0]?.content[0];

  test('bytes go in with their format', () => {
    expect(part({ type: 'image', source: { kind: 'base64', mediaType: 'image/jpg', data: 'AAAA' } })).toEqual({
      image: { format: 'jpeg', source: { bytes: 'AAAA' } },
    });
    expect(part({ type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'AAAA' } })).toEqual({
      audio: { format: 'wav', source: { bytes: 'AAAA' } },
    });
    const source = { kind: 'text' as const, mediaType: 'text/plain', text: 'hello' };
    expect(part({ type: 'document', title: 'my_file.v2.txt', source, context: 'c' })).toEqual({
      document: { format: 'txt', name: 'my-file-v2-txt', source: { bytes: 'aGVsbG8=' }, context: 'c' },
    });
  });

  test('every document has a name of its own', () => {
    const pdf: Part = { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'AAAA' } };
    const [message] = write({ messages: [user(pdf, { ...pdf, title: 'document' }, pdf)] })['messages'] as {
      content: { document: { name: string } }[];
    }[];
    expect(message?.content.map(({ document }) => document.name)).toEqual(['document', 'document 2', 'document 3']);
  });

  test.each<[string, Part]>([
    ['an image at a URL', { type: 'image', source: { kind: 'url', url: 'https://x.example/y.png' } }],
    ['an uploaded file', { type: 'document', source: { kind: 'file', id: 'file_1' } }],
    ['an image of another format', { type: 'image', source: { kind: 'base64', mediaType: 'image/tiff', data: '' } }],
    ['a part of another dialect', { type: 'opaque', dialect: 'acme', value: {} }],
  ])('%s is refused', (_what, one) => {
    expect(drop({ messages: [user(one)] })[0]).toEqual(['messages.0.content.0']);
  });
});

describe('settings', () => {
  test('what this dialect has a place for', () => {
    const request: Partial<ChatRequest> = {
      maxOutput: 9,
      temperature: 0.5,
      topP: 0.9,
      stop: ['x'],
      serviceTier: 'flex',
      metadata: { a: 'b' },
      endUser: 'u-1',
      reasoning: { effort: 'minimal' },
      responseFormat: {
        kind: 'schema',
        schema: { type: 'object' },
        name: 'n',
        strict: true,
      },
    };
    expect(write(request, 'us.amazon.nova-pro-v1:0')).toEqual({
      messages: [{ role: 'user', content: [{ text: 'hi' }] }],
      inferenceConfig: { maxTokens: 9, temperature: 0.5, topP: 0.9, stopSequences: ['x'] },
      outputConfig: {
        textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{"type":"object"}', name: 'n' } } },
        effort: 'low',
      },
      requestMetadata: { a: 'b', user: 'u-1' },
      serviceTier: { type: 'flex' },
    });
  });

  test('thinking and top_k go to models that have them, by an ARN too', () => {
    const request = { reasoning: { mode: 'enabled' as const, budgetTokens: 2000 }, topK: 5 };
    for (const model of [
      'us.anthropic.claude-x-v1:0',
      'arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-x',
    ]) {
      expect(write(request, model)['additionalModelRequestFields']).toEqual({
        thinking: { type: 'enabled', budget_tokens: 2000 },
        top_k: 5,
      });
    }
    expect(drop(request)[0]).toEqual(['top_k', 'reasoning']);
    expect(write({ reasoning: { mode: 'disabled' } }, 'us.amazon.nova-pro-v1:0')).not.toHaveProperty(
      'additionalModelRequestFields',
    );
  });

  test.each<[string, Partial<ChatRequest>, string]>([
    ['seed', { seed: 1 }, 'seed'],
    ['several answers', { candidates: 2 }, 'n'],
    ['log probabilities', { logprobs: {} }, 'logprobs'],
    ['a penalty', { presencePenalty: 0.1 }, 'presence_penalty'],
    ['JSON without a schema', { responseFormat: { kind: 'json' } }, 'response_format'],
    ['too much heat', { temperature: 1.5 }, 'temperature'],
    ['an unknown tier', { serviceTier: 'scale' }, 'service_tier'],
    ['an end user with signs', { endUser: 'a|b' }, 'user'],
    ['one call at a time', { parallelTools: false, tools: [TOOL] }, 'parallel_tool_calls'],
    ['a name', { messages: [{ role: 'user', name: 'bo', parts: [text('x')] }] }, 'messages.0.name'],
  ])('%s is refused', (_what, request, field) => {
    expect(drop(request)[0]).toEqual([field]);
  });

  test('what every provider does without being asked needs no place', () => {
    const request: Partial<ChatRequest> = {
      presencePenalty: 0,
      candidates: 1,
      parallelTools: true,
      stop: [],
      serviceTier: 'auto',
      responseFormat: { kind: 'text' },
    };
    expect(write(request)).toEqual({ messages: [{ role: 'user', content: [{ text: 'hi' }] }] });
  });
});

describe('tools', () => {
  const SPEC = { name: 'look', inputSchema: { json: { type: 'object', properties: {} } } };
  test.each([
    ['auto', { auto: {} }],
    ['required', { any: {} }],
  ] as const)('the choice %s', (kind, toolChoice) => {
    expect(write({ tools: [TOOL], toolChoice: { kind } })['toolConfig']).toEqual({
      tools: [{ toolSpec: SPEC }],
      toolChoice,
    });
  });

  test('one that must be called', () => {
    const toolConfig = write({ tools: [TOOL], toolChoice: { kind: 'tool', name: 'look' } })['toolConfig'];
    expect(toolConfig).toMatchObject({ toolChoice: { tool: { name: 'look' } } });
  });

  test('those that must not be called are left out, or refused where they were called before', () => {
    const toolChoice = { kind: 'none' as const };
    expect(write({ tools: [TOOL], toolChoice })).not.toHaveProperty('toolConfig');
    const messages: Message[] = [{ role: 'assistant', parts: [CALL] }];
    const [dropped, body] = drop({ tools: [TOOL], toolChoice, messages });
    expect(dropped).toEqual(['tool_choice']);
    expect(body['toolConfig']).toEqual({ tools: [{ toolSpec: SPEC }] });
  });

  test('of another dialect are refused', () => {
    expect(drop({ tools: [{ kind: 'opaque', dialect: 'acme', value: {} }] })[0]).toEqual(['tools.0']);
  });
});

describe('cache marks', () => {
  test('become points behind what they mark', () => {
    const cache = { ttl: '1h' as const };
    const point = { cachePoint: { type: 'default', ttl: '1h' } };
    const messages: Message[] = [
      { role: 'system', parts: [{ ...text('s'), cache }] },
      user({ ...text('hi'), cache }, text('more')),
    ];
    expect(write({ messages, tools: [{ ...TOOL, cache }] })).toMatchObject({
      system: [{ text: 's' }, point],
      messages: [{ content: [{ text: 'hi' }, point, { text: 'more' }] }],
      toolConfig: { tools: [{ toolSpec: {} }, point] },
    });
  });

  test('on the whole request stand behind the last message, and inside of results nowhere', () => {
    const body = write({ cache: {} });
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ text: 'hi' }, { cachePoint: { type: 'default' } }] },
    ]);
    const notes = dropping();
    const result = { ...RESULT, parts: [{ ...text('x'), cache: {} }] } as Part;
    const inner = codec.encodeRequest({ ...BASE, messages: [user(result)] }, notes);
    expect(JSON.stringify(inner)).not.toContain('cachePoint');
    expect(notes.warned).toHaveLength(1);
  });
});
