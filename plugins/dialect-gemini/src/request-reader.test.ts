/** Requests read into the neutral form. */
import { describe, expect, test } from 'vitest';
import { generateCodec } from './codec.ts';

const context = { headers: {}, model: 'm' };
const read = (body: Record<string, unknown>) => generateCodec.decodeRequest({ contents: [], ...body }, context);
const part = (value: unknown) => read({ contents: [{ role: 'user', parts: [value] }] }).messages[0]?.parts[0];

describe('names', () => {
  test('snake case is read as camel case, but not inside of what the client made up', () => {
    const request = generateCodec.decodeRequest(
      {
        system_instruction: { parts: { text: 'Be kind.' } },
        contents: [
          { role: 'model', parts: [{ function_call: { name: 'f', args: { some_key: 1 } } }] },
          { parts: [{ function_response: { name: 'f', response: { result_code: 2 } } }] },
          { parts: [{ inline_data: { mime_type: 'image/png', data: 'AA==' } }] },
        ],
        tools: [
          {
            function_declarations: [
              { name: 'f', parameters: { type: 'OBJECT', properties: { a_b: { type: 'STRING' } } } },
            ],
          },
        ],
        tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['f'] } },
        generation_config: { max_output_tokens: 9, stop_sequences: ['x'], thinking_config: { thinking_budget: 5 } },
        safety_settings: [],
      },
      { headers: {}, model: 'm', stream: true },
    );
    expect(request).toMatchObject({
      model: 'm',
      stream: true,
      streamUsage: true,
      maxOutput: 9,
      stop: ['x'],
      reasoning: { mode: 'enabled', budgetTokens: 5 },
      toolChoice: { kind: 'tool', name: 'f' },
      tools: [{ kind: 'function', name: 'f', parameters: { type: 'object', properties: { a_b: { type: 'string' } } } }],
      rest: { dialect: 'gemini-generate', fields: { safetySettings: [] } },
    });
    expect(request.messages).toMatchObject([
      { role: 'system', parts: [{ type: 'text', text: 'Be kind.' }] },
      { role: 'assistant', parts: [{ type: 'tool-call', name: 'f', arguments: '{"some_key":1}' }] },
      { role: 'tool', parts: [{ type: 'tool-result', parts: [{ type: 'text', text: '{"result_code":2}' }] }] },
      { role: 'user', parts: [{ type: 'image', source: { mediaType: 'image/png' } }] },
    ]);
  });
});

describe('parts', () => {
  test.each([
    ['text', { text: 'hi' }, { type: 'text', text: 'hi' }],
    [
      'a thought',
      { text: 'hm', thought: true, thoughtSignature: 's' },
      { type: 'reasoning', text: 'hm', signature: 's' },
    ],
    [
      'a PDF',
      { inlineData: { mimeType: 'application/pdf', data: 'AA==' } },
      { type: 'document', source: { kind: 'base64' } },
    ],
    ['a sound', { inlineData: { mimeType: 'audio/wav', data: 'AA==' } }, { type: 'audio' }],
    ['a film', { inlineData: { mimeType: 'video/mp4', data: 'AA==' } }, { type: 'opaque', dialect: 'gemini-generate' }],
    [
      'an image by URL',
      { fileData: { mimeType: 'image/png', fileUri: 'https://x.example/a' } },
      { type: 'image', source: { kind: 'url', url: 'https://x.example/a' } },
    ],
    ['a file in the cloud', { fileData: { mimeType: 'image/png', fileUri: 'gs://b/a' } }, { type: 'opaque' }],
    [
      'a file that was uploaded',
      { fileData: { mimeType: 'image/png', fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/x' } },
      { type: 'opaque' },
    ],
    [
      'code',
      { executableCode: { language: 'PYTHON', code: '1' } },
      { type: 'opaque', value: { executableCode: { code: '1' } } },
    ],
  ])('%s', (_what, wire, neutral) => {
    expect(part(wire)).toMatchObject(neutral);
  });
});

describe('calls and results', () => {
  const call = (name: string, id?: string) => ({
    functionCall: { name, args: {}, ...(id === undefined ? {} : { id }) },
  });
  const result = (name: string, id?: string) => ({
    functionResponse: { name, response: { output: 'x' }, ...(id === undefined ? {} : { id }) },
  });
  const ids = (calls: unknown[], results: unknown[]) => {
    const contents = [
      { role: 'model', parts: calls },
      { role: 'user', parts: results },
    ];
    return read({ contents }).messages.map(({ parts }) => parts.map((one) => ('id' in one ? one.id : undefined)));
  };

  test('belong together by id, by name, and by order', () => {
    expect(ids([call('a', 'x'), call('b', 'y')], [result('b', 'y'), result('a', 'x')])).toEqual([
      ['x', 'y'],
      ['y', 'x'],
    ]);
    expect(ids([call('a'), call('b')], [result('b'), result('a')])).toEqual([
      ['call_0', 'call_1'],
      ['call_1', 'call_0'],
    ]);
    expect(ids([call('a'), call('a')], [result('a'), result('a')])).toEqual([
      ['call_0', 'call_1'],
      ['call_0', 'call_1'],
    ]);
    expect(ids([call('a', 'x')], [result('a')])).toEqual([['x'], ['x']]);
    expect(ids([call('a')], [result('renamed')])).toEqual([['call_0'], ['call_0']]);
    expect(ids([], [result('a')])).toEqual([[], ['call_0']]);
  });

  test('the same request has the same ids', () => {
    const parts = [call('a'), call('b')];
    expect(ids(parts, [])).toEqual(ids(parts, []));
  });

  test('a result may be text, anything else, or a failure', () => {
    const of = (response: unknown) => part({ functionResponse: { name: 'f', response } });
    expect(of({ output: 'text' })).toMatchObject({ parts: [{ text: 'text' }] });
    expect(of({ output: [1] })).toMatchObject({ parts: [{ text: '[1]' }] });
    expect(of({ degrees: 3 })).toMatchObject({ parts: [{ text: '{"degrees":3}' }] });
    expect(of({ error: 'no' })).toMatchObject({ isError: true, parts: [{ text: 'no' }] });
  });
});

describe('what is wrong is said with its path', () => {
  test.each([
    [{ contents: 'hi' }, 'contents'],
    [{ contents: [{ role: 'assistant', parts: [] }] }, 'contents[0].role'],
    [{ contents: [{ parts: [{ text: 1 }] }] }, 'contents[0].parts[0].text'],
    [{ contents: [{ parts: [{ functionCall: {} }] }] }, 'contents[0].parts[0].functionCall.name'],
    [{ contents: [{ parts: [{ inlineData: { data: 'x' } }] }] }, 'contents[0].parts[0].inlineData.mimeType'],
    [{ tools: [{ functionDeclarations: [{}] }] }, 'tools[0].functionDeclarations[0].name'],
    [{ generationConfig: { temperature: 'hot' } }, 'generationConfig.temperature'],
    [{ generationConfig: { maxOutputTokens: 1.5 } }, 'generationConfig.maxOutputTokens'],
    [
      { generationConfig: { thinkingConfig: { thinkingBudget: -2 } } },
      'generationConfig.thinkingConfig.thinkingBudget',
    ],
    [{ systemInstruction: 'x' }, 'systemInstruction'],
  ])('%j', (body, param) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: 'GW_BAD_REQUEST', details: expect.objectContaining({ param }) }),
    );
  });

  test('a body without contents', () => {
    expect(() => generateCodec.decodeRequest({}, context)).toThrow(/contents: is missing/);
  });
});
