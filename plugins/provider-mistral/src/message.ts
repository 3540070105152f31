/** A message as Mistral takes it: it refuses fields and parts that it does not know. */
import type { EncodeContext, JsonObject } from '@gatewright/core';
import { toolId } from './tool-id.ts';

/** https://docs.mistral.ai/api/endpoint/chat; a message of another role is left for Mistral to refuse. */
const FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  system: new Set(['role', 'content']),
  user: new Set(['role', 'content']),
  assistant: new Set(['role', 'content', 'tool_calls', 'prefix']),
  tool: new Set(['role', 'content', 'tool_call_id', 'name']),
};

/** What answers of OpenAI have and nobody misses in a question: clients send back whole messages. */
const ANSWERS_ONLY: ReadonlySet<string> = new Set(['annotations', 'audio', 'function_call', 'refusal']);

/** What is read and not understood by others: an answer's own reasoning, and who of many users says it. */
const HINTS: ReadonlySet<string> = new Set(['name', 'reasoning', 'reasoning_content', 'reasoning_details']);

export function messageFor(message: JsonObject, context: EncodeContext): JsonObject {
  const role = message['role'] === 'developer' ? 'system' : message['role'];
  const known = typeof role === 'string' && Object.hasOwn(FIELDS, role) ? FIELDS[role] : undefined;
  if (known === undefined) return message;
  const result: JsonObject = {};
  for (const [name, value] of Object.entries({ ...message, role })) {
    if (known.has(name)) result[name] = valueFor(name, value);
    else if (isNothing(value) || ANSWERS_ONLY.has(name)) continue;
    else if (HINTS.has(name)) context.warn(`messages.${name}`, 'Mistral does not know this field.');
    else result[name] = value;
  }
  return result;
}

function valueFor(name: string, value: unknown): unknown {
  if (name === 'tool_call_id' && typeof value === 'string') return toolId(value);
  if (!Array.isArray(value)) return value;
  const items = value as unknown[];
  if (name === 'tool_calls') return items.map((call) => withId(call));
  return name === 'content' ? items.map((part) => partFor(part)) : items;
}

function withId(call: unknown): unknown {
  return isObject(call) && typeof call['id'] === 'string' ? { ...call, id: toolId(call['id']) } : call;
}

/** Documents have another form (https://docs.mistral.ai/capabilities/document_ai/document_qna). */
function partFor(part: unknown): unknown {
  if (!isObject(part) || part['type'] !== 'file' || !isObject(part['file'])) return part;
  const { file_data: data, filename: name } = part['file'];
  if (typeof data !== 'string') return part;
  return { type: 'document_url', document_url: data, ...(typeof name === 'string' ? { document_name: name } : {}) };
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
