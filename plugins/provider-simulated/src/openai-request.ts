/**
 * Reads a chat request in OpenAI's dialect
 * (https://platform.openai.com/docs/api-reference/chat/create).
 */
import type { JsonObject } from '@gatewright/core';
import { isObject, listOf, numberOf, objectOf, stringOf } from './json.ts';
import {
  InvalidRequest,
  type Format,
  type OfferedTool,
  type Prompt,
  type ToolChoice,
  type ToolResult,
} from './prompt.ts';
import { countInput } from './tokens.ts';

const ROLES = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function']);
const ATTACHMENTS = new Set(['image_url', 'input_audio', 'file']);

/** Throws {@link InvalidRequest} where the body is not what the dialect allows. */
export function readOpenai(body: JsonObject): Prompt {
  const messages = messagesOf(body);
  const tools = listOf(body['tools']).map(toolOf);
  const callable = tools.filter((_tool, index) => objectOf(listOf(body['tools'])[index])['type'] === 'function');
  const asked = messages.findLast(({ role }) => role === 'user');
  const texts = messages.flatMap((message) => [
    textOf(message['content']),
    JSON.stringify(message['tool_calls'] ?? ''),
  ]);
  const attachments = messages.reduce((sum, { content }) => sum + attachmentsOf(content), 0);
  const limit = numberOf(body['max_completion_tokens']) ?? numberOf(body['max_tokens']);
  if (limit !== undefined && limit < 1)
    throw new InvalidRequest('max_completion_tokens', 'The limit must be at least 1.');
  return {
    model: stringOf(body['model']),
    stream: body['stream'] === true,
    streamUsage: objectOf(body['stream_options'])['include_usage'] === true,
    question: textOf(asked?.['content']),
    turns: messages.filter(({ role }) => role === 'user').length,
    results: resultsOf(messages),
    attachments: attachmentsOf(asked?.['content']),
    tools: callable,
    toolChoice: choiceOf(body['tool_choice'], tools),
    parallelTools: body['parallel_tool_calls'] !== false,
    format: formatOf(objectOf(body['response_format'])),
    reasoning: ['', 'none'].includes(stringOf(body['reasoning_effort'])) ? 'none' : 'hidden',
    maxOutput: limit,
    stop: typeof body['stop'] === 'string' ? [body['stop']] : listOf(body['stop']).map(stringOf),
    candidates: Math.max(1, numberOf(body['n']) ?? 1),
    logprobs: body['logprobs'] === true,
    inputTokens: countInput([...texts, JSON.stringify(body['tools'] ?? '')], messages.length, attachments),
  };
}

function messagesOf(body: JsonObject): readonly JsonObject[] {
  const messages = listOf(body['messages']);
  if (messages.length === 0) throw new InvalidRequest('messages', 'There must be at least one message.');
  const called = new Set<string>();
  return messages.map((message, index) => {
    const at = `messages[${index}]`;
    if (!isObject(message)) throw new InvalidRequest(at, 'A message must be an object.');
    const role = stringOf(message['role']);
    if (!ROLES.has(role)) throw new InvalidRequest(`${at}.role`, `"${role}" is no role.`);
    for (const call of listOf(message['tool_calls'])) called.add(stringOf(objectOf(call)['id']));
    if (role === 'tool' && !called.has(stringOf(message['tool_call_id'])))
      throw new InvalidRequest(`${at}.tool_call_id`, 'A tool message must answer a tool call that stands before it.');
    return message;
  });
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = listOf(content).map(objectOf);
  return parts
    .filter(({ type }) => type === 'text' || type === 'refusal')
    .map((part) => stringOf(part['text'] ?? part['refusal']))
    .join('\n');
}

function attachmentsOf(content: unknown): number {
  return listOf(content).filter((part) => ATTACHMENTS.has(stringOf(objectOf(part)['type']))).length;
}

function resultsOf(messages: readonly JsonObject[]): ToolResult[] {
  const names = new Map<string, string>();
  for (const call of messages.flatMap((message) => listOf(message['tool_calls'])).map(objectOf)) {
    const named = objectOf(call['function'] ?? call['custom']);
    names.set(stringOf(call['id']), stringOf(named['name']));
  }
  const last = messages.findLastIndex(({ role }) => role !== 'tool');
  return messages.slice(last + 1).map((message) => ({
    name: names.get(stringOf(message['tool_call_id'])) ?? 'tool',
    text: textOf(message['content']),
    isError: false,
  }));
}

function toolOf(tool: unknown, index: number): OfferedTool {
  const named = objectOf(objectOf(tool)['function'] ?? objectOf(tool)['custom']);
  const name = stringOf(named['name']);
  if (name === '') throw new InvalidRequest(`tools[${index}].function.name`, 'A tool must have a name.');
  return { name, schema: objectOf(named['parameters']) };
}

function choiceOf(choice: unknown, tools: readonly OfferedTool[]): ToolChoice {
  if (choice === undefined || choice === null || choice === 'auto') return { kind: 'auto' };
  if (choice === 'none' || choice === 'required') return { kind: choice };
  const name = stringOf(objectOf(objectOf(choice)['function'])['name']);
  if (!tools.some((tool) => tool.name === name))
    throw new InvalidRequest('tool_choice', `There is no tool "${name}" to choose.`);
  return { kind: 'tool', name };
}

function formatOf(format: JsonObject): Format {
  if (format['type'] === 'json_object') return { kind: 'json' };
  if (format['type'] !== 'json_schema') return { kind: 'text' };
  return { kind: 'schema', schema: objectOf(objectOf(format['json_schema'])['schema']) };
}
