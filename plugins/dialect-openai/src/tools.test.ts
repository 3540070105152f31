/** Tools and the choice among them. */
import { describe, expect, test } from 'vitest';
import type { ChatRequest, JsonObject, Tool, ToolChoice } from '@gatewright/core';
import { ask, codec, decodeRequest, dropping, json, requestAgain } from './wire.test.kit.ts';

const user = { role: 'user', content: 'Hi' };
const parameters = { type: 'object', properties: { a: { type: 'string' } } };

const decoded = (body: JsonObject): ChatRequest => {
  expect(requestAgain({ ...ask(user), ...body })).toEqual({ ...ask(user), ...body });
  return decodeRequest({ ...ask(user), ...body });
};

const written = (request: Partial<ChatRequest>, context = dropping()): JsonObject =>
  json(codec.encodeRequest({ model: 'm', messages: [], stream: false, ...request }, context)) as JsonObject;

describe('tools', () => {
  test('functions', () => {
    const whole = { name: 'f', description: 'd', parameters, strict: true };
    const { tools } = decoded({
      tools: [
        { type: 'function', function: whole },
        { type: 'function', function: { name: 'g', strict: false } },
        { type: 'function', function: { name: 'h', parameters: null, description: null, strict: null } },
      ],
    });
    const [first, ...others] = tools ?? [];
    expect(first).toEqual({ kind: 'function', ...whole });
    expect(others.map(({ rest: _rest, ...tool }: Tool & { rest?: unknown }) => tool)).toEqual([
      { kind: 'function', name: 'g' },
      { kind: 'function', name: 'h' },
    ]);
  });

  test('unknown fields of a function, and beside it, are only here', () => {
    const { tools } = decoded({ tools: [{ type: 'function', function: { name: 'f', more: 1 }, other: 2 }] });
    expect(tools).toMatchObject([
      { name: 'f', rest: { dialect: 'openai-chat', fields: { function: { more: 1 }, other: 2 } } },
    ]);
  });

  test('a tool that a plugin has changed keeps its unknown fields', () => {
    const request = decoded({ tools: [{ type: 'function', function: { name: 'f', more: 1 }, other: 2 }] });
    const tools = (request.tools ?? []).map((tool) => Object.assign({}, tool, { description: 'd' }));
    expect(written({ ...request, tools })['tools']).toEqual([
      { type: 'function', function: { name: 'f', description: 'd', more: 1 }, other: 2 },
    ]);
  });

  test('tools of other types are kept whole', () => {
    const custom = { type: 'custom', custom: { name: 'sh', format: { type: 'text' } } };
    expect(decoded({ tools: [custom] }).tools).toEqual([{ kind: 'opaque', dialect: 'openai-chat', value: custom }]);
  });

  test('functions from before there were tools', () => {
    const { tools, toolChoice } = decoded({ functions: [{ name: 'f', parameters }], function_call: 'auto' });
    expect(tools).toMatchObject([{ kind: 'function', name: 'f', parameters }]);
    expect(toolChoice).toEqual({ kind: 'auto' });
    expect(decoded({ functions: [{ name: 'f' }], function_call: { name: 'f' } }).toolChoice).toEqual({
      kind: 'tool',
      name: 'f',
    });
  });

  test('of another dialect: what cannot be expressed is said', () => {
    const context = dropping();
    const tools: Tool[] = [
      {
        kind: 'function',
        name: 'f',
        cache: { ttl: '1h' },
        rest: { dialect: 'acme', fields: { defer: true, $note: 1 } },
      },
      { kind: 'opaque', dialect: 'acme', value: { type: 'web_search' } },
    ];
    expect(written({ tools }, context)['tools']).toEqual([{ type: 'function', function: { name: 'f' } }]);
    expect(context.dropped).toEqual(['tools[0].defer', 'tools[1]']);
    expect(context.warned).toEqual(['cache_control']);
  });
});

describe('the choice', () => {
  const allowed = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', name: 'f' }] } };

  test.each<[unknown, ToolChoice]>([
    ['auto', { kind: 'auto' }],
    ['none', { kind: 'none' }],
    ['required', { kind: 'required' }],
    ['any', { kind: 'required' }],
    [
      { type: 'function', function: { name: 'f' } },
      { kind: 'tool', name: 'f' },
    ],
    [allowed, { kind: 'opaque', dialect: 'openai-chat', value: allowed }],
    [
      { type: 'custom', custom: { name: 'f' } },
      { kind: 'opaque', dialect: 'openai-chat', value: { type: 'custom', custom: { name: 'f' } } },
    ],
  ])('%j', (value, choice) => {
    expect(decoded({ tool_choice: value }).toolChoice).toEqual(choice);
  });

  test('of another dialect', () => {
    const context = dropping();
    const choices: ToolChoice[] = [
      { kind: 'required' },
      { kind: 'tool', name: 'f' },
      { kind: 'opaque', dialect: 'acme', value: {} },
    ];
    expect(choices.map((toolChoice) => written({ toolChoice }, context)['tool_choice'])).toEqual([
      'required',
      { type: 'function', function: { name: 'f' } },
      undefined,
    ]);
    expect(context.dropped).toEqual(['tool_choice']);
  });
});
