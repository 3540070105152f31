/**
 * Reads messages, content parts and tools in the plain forms that most of them have. They are what this codec would write
 * itself, so nothing has to be remembered of how they were spelled; everything else is read field by field.
 */
import type { FunctionTool, JsonObject, Message, TextPart, ToolCallPart } from '@gatewright/core';
import { isObject, textOf, type Writable } from './json-value.ts';

/** The message; undefined where its form is not plain. */
export function plainMessage(value: JsonObject): Message | undefined {
  const { role, content } = value;
  const size = Object.keys(value).length;
  if (role === 'assistant' && size === 3) return plainCalls(content, value['tool_calls']);
  const text = textOf(content);
  if (text === undefined) return undefined;
  const parts = [{ type: 'text', text } as const];
  switch (role) {
    case 'user':
    case 'assistant':
    case 'system':
    case 'developer':
      return size === 2 ? { role, parts } : undefined;
    case 'tool': {
      const id = value['tool_call_id'];
      if (size !== 3 || typeof id !== 'string') return undefined;
      return { role, parts: [{ type: 'tool-result', id, parts }] };
    }
    default:
      return undefined;
  }
}

/** A message of the assistant that calls tools, with a text or with null in its place. */
function plainCalls(content: unknown, calls: unknown): Message | undefined {
  const text = textOf(content);
  if ((text === undefined && content !== null) || !Array.isArray(calls) || calls.length === 0) return undefined;
  const parts: (TextPart | ToolCallPart)[] = text === undefined ? [] : [{ type: 'text', text }];
  for (const call of calls as unknown[]) {
    const part = plainCall(call);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return { role: 'assistant', parts };
}

function plainCall(call: unknown): ToolCallPart | undefined {
  if (!isObject(call) || call['type'] !== 'function' || Object.keys(call).length !== 3) return undefined;
  const id = textOf(call['id']);
  const called = call['function'];
  if (id === undefined || !isObject(called) || Object.keys(called).length !== 2) return undefined;
  const { name } = called;
  // Without arguments, others are written.
  const text = textOf(called['arguments']);
  if (typeof name !== 'string' || text === undefined) return undefined;
  return { type: 'tool-call', id, name, arguments: text };
}

/** The text; undefined where the part is another, or has more than a text. */
export function plainText(value: unknown): TextPart | undefined {
  if (!isObject(value) || value['type'] !== 'text' || Object.keys(value).length !== 2) return undefined;
  const { text } = value;
  return typeof text === 'string' ? { type: 'text', text } : undefined;
}

/** The tool; undefined where its form is not plain. */
export function plainTool(value: unknown): FunctionTool | undefined {
  if (!isObject(value) || value['type'] !== 'function' || Object.keys(value).length !== 2) return undefined;
  const described = value['function'];
  if (!isObject(described)) return undefined;
  const { name, description, parameters, strict } = described;
  if (typeof name !== 'string') return undefined;
  const tool: Writable<FunctionTool> = { kind: 'function', name };
  let size = 1;
  if (typeof description === 'string') {
    tool.description = description;
    size++;
  }
  if (isObject(parameters)) {
    tool.parameters = parameters;
    size++;
  }
  if (strict === true) {
    tool.strict = true;
    size++;
  }
  return Object.keys(described).length === size ? tool : undefined;
}
