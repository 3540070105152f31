/**
 * Reads a messages request in Anthropic's dialect
 * (https://platform.claude.com/docs/en/api/messages).
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

const ATTACHMENTS = new Set(['image', 'document']);

interface Turn {
  readonly role: string;
  readonly blocks: readonly JsonObject[];
}

/** Throws {@link InvalidRequest} where the body is not what the dialect allows. `counting`: nothing will be generated. */
export function readAnthropic(body: JsonObject, counting = false): Prompt {
  const turns = turnsOf(body);
  const tools = listOf(body['tools']).map(toolOf);
  // Tools of another type run at the provider, or have no schema to fill.
  const own = tools.filter((_tool, index) => [undefined, 'custom'].includes(typeOf(listOf(body['tools'])[index])));
  const limit = numberOf(body['max_tokens']);
  if (!counting && (limit === undefined || limit < 1))
    throw new InvalidRequest('max_tokens', 'max_tokens is required and must be at least 1.');
  const asked = turns.findLast(({ role, blocks }) => role === 'user' && blocks.some(({ type }) => type === 'text'));
  const choice = objectOf(body['tool_choice']);
  const texts = [textOf(blocksOf(body['system'])), JSON.stringify(body['tools'] ?? ''), ...turns.map(countedText)];
  const attachments = turns.reduce((sum, { blocks }) => sum + attachmentsOf(blocks), 0);
  return {
    model: stringOf(body['model']),
    stream: body['stream'] === true,
    streamUsage: true,
    question: textOf(asked?.blocks ?? []),
    turns: turns.filter(({ role }) => role === 'user').length,
    results: resultsOf(turns),
    attachments: attachmentsOf(asked?.blocks ?? []),
    tools: own,
    toolChoice: choiceOf(choice, tools),
    parallelTools: choice['disable_parallel_tool_use'] !== true,
    format: formatOf(body),
    reasoning: reasoningOf(objectOf(body['thinking'])),
    maxOutput: limit,
    stop: listOf(body['stop_sequences']).map(stringOf),
    candidates: 1,
    logprobs: false,
    inputTokens: countInput(texts, turns.length, attachments),
  };
}

function turnsOf(body: JsonObject): readonly Turn[] {
  const messages = listOf(body['messages']);
  if (messages.length === 0) throw new InvalidRequest('messages', 'There must be at least one message.');
  const called = new Set<string>();
  return messages.map((message, index) => {
    const at = `messages.${index}`;
    if (!isObject(message)) throw new InvalidRequest(at, 'A message must be an object.');
    const role = stringOf(message['role']);
    if (role !== 'user' && role !== 'assistant') throw new InvalidRequest(`${at}.role`, `"${role}" is no role.`);
    const blocks = blocksOf(message['content']);
    for (const block of blocks) {
      if (block['type'] === 'tool_use') called.add(stringOf(block['id']));
      if (block['type'] === 'tool_result' && !called.has(stringOf(block['tool_use_id'])))
        throw new InvalidRequest(`${at}.content`, 'A tool result must answer a tool use that stands before it.');
    }
    return { role, blocks };
  });
}

function blocksOf(content: unknown): readonly JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content).map(objectOf);
}

function textOf(blocks: readonly JsonObject[]): string {
  const texts = blocks.filter(({ type }) => type === 'text').map((block) => stringOf(block['text']));
  return texts.join('\n');
}

/** All that counts as text in a turn, tool calls and their results included. */
function countedText({ blocks }: Turn): string {
  const results = blocks
    .filter(({ type }) => type === 'tool_result')
    .map((block) => textOf(blocksOf(block['content'])));
  const calls = blocks.filter(({ type }) => type === 'tool_use').map((block) => JSON.stringify(block['input'] ?? {}));
  return [textOf(blocks), ...calls, ...results].join('\n');
}

function attachmentsOf(blocks: readonly JsonObject[]): number {
  return blocks.filter(({ type }) => ATTACHMENTS.has(stringOf(type))).length;
}

/** The results of the last turn, where it has any and no words of the user's behind them. */
function resultsOf(turns: readonly Turn[]): ToolResult[] {
  const names = new Map<string, string>();
  for (const block of turns.flatMap(({ blocks }) => blocks)) {
    if (block['type'] === 'tool_use') names.set(stringOf(block['id']), stringOf(block['name']));
  }
  const last = turns.at(-1)?.blocks ?? [];
  if (last.at(-1)?.['type'] !== 'tool_result') return [];
  return last
    .filter(({ type }) => type === 'tool_result')
    .map((block) => ({
      name: names.get(stringOf(block['tool_use_id'])) ?? 'tool',
      text: textOf(blocksOf(block['content'])),
      isError: block['is_error'] === true,
    }));
}

function toolOf(tool: unknown, index: number): OfferedTool {
  const name = stringOf(objectOf(tool)['name']);
  if (name === '') throw new InvalidRequest(`tools.${index}.name`, 'A tool must have a name.');
  return { name, schema: objectOf(objectOf(tool)['input_schema']) };
}

function choiceOf(choice: JsonObject, tools: readonly OfferedTool[]): ToolChoice {
  switch (choice['type']) {
    case 'any':
      return { kind: 'required' };
    case 'none':
      return { kind: 'none' };
    case 'tool': {
      const name = stringOf(choice['name']);
      if (!tools.some((tool) => tool.name === name))
        throw new InvalidRequest('tool_choice.name', `There is no tool "${name}" to choose.`);
      return { kind: 'tool', name };
    }
    default:
      return { kind: 'auto' };
  }
}

/** Structured output stands in `output_config.format`, in older requests in `output_format`. */
function formatOf(body: JsonObject): Format {
  const format = objectOf(objectOf(body['output_config'])['format'] ?? body['output_format']);
  return format['type'] === 'json_schema' ? { kind: 'schema', schema: objectOf(format['schema']) } : { kind: 'text' };
}

function reasoningOf(thinking: JsonObject): Prompt['reasoning'] {
  if (thinking['type'] !== 'enabled' && thinking['type'] !== 'adaptive') return 'none';
  return thinking['display'] === 'omitted' ? 'omitted' : 'shown';
}

function typeOf(value: unknown): string | undefined {
  const { type } = objectOf(value);
  return typeof type === 'string' ? type : undefined;
}
