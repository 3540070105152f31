/** What is said of a request that is wrong. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@gatewright/core';
import { ask, decodeRequest, thrown } from './wire.test.kit.ts';

const user = { role: 'user', content: 'Hi' };

describe('what is wrong is said with its path', () => {
  const tool = (parts: JsonObject) => ({
    ...ask(user),
    tools: [{ type: 'function', function: { name: 'f', ...parts } }],
  });
  const content = (part: unknown) => ask(user, { role: 'user', content: [{ type: 'text', text: 'a' }, part] });

  test.each<[string, JsonObject]>([
    ['model', { messages: [user] }],
    ['model', { ...ask(user), model: 7 }],
    ['messages', { model: 'm' }],
    ['messages', { model: 'm', messages: {} }],
    ['messages', { model: 'm', messages: [] }],
    ['messages[1]', ask(user, 'Hi' as unknown as JsonObject)],
    ['messages[1].role', ask(user, { content: 'Hi' })],
    ['messages[1].role', ask(user, { role: 'robot', content: 'Hi' })],
    ['messages[1].content', ask(user, { role: 'user' })],
    ['messages[1].content', ask(user, { role: 'user', content: null })],
    ['messages[1].content', ask(user, { role: 'user', content: 7 })],
    ['messages[1].content', ask(user, { role: 'system', content: { text: 'a' } })],
    ['messages[1].content[1]', content('text')],
    ['messages[1].content[1].type', content({ text: 'a' })],
    ['messages[1].content[1].text', content({ type: 'text' })],
    ['messages[1].content[1].text', content({ type: 'text', text: 7 })],
    ['messages[1].content[1].image_url', content({ type: 'image_url' })],
    ['messages[1].content[1].image_url.url', content({ type: 'image_url', image_url: {} })],
    ['messages[1].content[1].image_url.detail', content({ type: 'image_url', image_url: { url: 'u', detail: 1 } })],
    ['messages[1].content[1].file', content({ type: 'file' })],
    ['messages[1].content[1].file.file_data', content({ type: 'file', file: { file_data: 7 } })],
    ['messages[1].content[1].input_audio.data', content({ type: 'input_audio', input_audio: { format: 'wav' } })],
    ['messages[1].name', ask(user, { role: 'user', content: 'a', name: 7 })],
    ['messages[1].tool_call_id', ask(user, { role: 'tool', content: 'a' })],
    ['messages[1].name', ask(user, { role: 'function', content: 'a' })],
    ['messages[1].tool_calls', ask(user, { role: 'assistant', tool_calls: {} })],
    [
      'messages[1].tool_calls[0].function',
      ask(user, { role: 'assistant', tool_calls: [{ id: 'a', type: 'function' }] }),
    ],
    [
      'messages[1].tool_calls[0].function.name',
      ask(user, { role: 'assistant', tool_calls: [{ id: 'a', function: {} }] }),
    ],
    [
      'messages[1].tool_calls[0].function.arguments',
      ask(user, { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: 7 } }] }),
    ],
    ['messages[1].function_call', ask(user, { role: 'assistant', function_call: 'f' })],
    ['messages[1].refusal', ask(user, { role: 'assistant', refusal: 7 })],
    ['messages[1].audio', ask(user, { role: 'assistant', audio: 'a' })],
    ['stream', { ...ask(user), stream: 'yes' }],
    ['stream_options', { ...ask(user), stream_options: true }],
    ['max_tokens', { ...ask(user), max_tokens: '10' }],
    ['max_completion_tokens', { ...ask(user), max_completion_tokens: 1.5 }],
    ['temperature', { ...ask(user), temperature: 'hot' }],
    ['top_p', { ...ask(user), top_p: [] }],
    ['n', { ...ask(user), n: 0 }],
    ['stop', { ...ask(user), stop: [1] }],
    ['logprobs', { ...ask(user), logprobs: 5 }],
    ['reasoning_effort', { ...ask(user), reasoning_effort: 1 }],
    ['response_format', { ...ask(user), response_format: 'json' }],
    ['response_format.type', { ...ask(user), response_format: {} }],
    ['response_format.json_schema', { ...ask(user), response_format: { type: 'json_schema' } }],
    ['response_format.json_schema.name', { ...ask(user), response_format: { type: 'json_schema', json_schema: {} } }],
    ['tools', { ...ask(user), tools: {} }],
    ['tools[0]', { ...ask(user), tools: ['f'] }],
    ['tools[0].type', { ...ask(user), tools: [{}] }],
    ['tools[0].function', { ...ask(user), tools: [{ type: 'function' }] }],
    ['tools[0].function.name', tool({ name: undefined })],
    ['tools[0].function.parameters', tool({ parameters: 'none' })],
    ['tools[0].function.strict', tool({ strict: 'yes' })],
    ['functions[0].name', { ...ask(user), functions: [{}] }],
    ['tool_choice', { ...ask(user), tool_choice: 'maybe' }],
    ['tool_choice', { ...ask(user), tool_choice: 7 }],
  ])('%s', (param, body) => {
    const error = thrown(() => decodeRequest(body));
    expect([error.code, error.status, error.details.param]).toEqual(['GW_BAD_REQUEST', 400, param]);
    expect(error.message).toContain(param);
  });

  test('with what is wanted, and what came', () => {
    const message = (body: JsonObject) => thrown(() => decodeRequest(body)).message;
    expect(message(ask({ role: 'user', content: 7 }))).toBe(
      'Invalid request: messages[0].content must be a string or an array of content parts, not a number.',
    );
    expect(message(ask({ role: 'user' }))).toBe(
      'Invalid request: messages[0].content is missing: it must be a string or an array of content parts.',
    );
    expect(message({ ...ask(user), n: 0 })).toBe('Invalid request: n must be a whole number of at least 1, not 0.');
  });
});
