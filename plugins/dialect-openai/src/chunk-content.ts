/** Whether a delta has something of the answer in it, or only a role and empty fields. */
import type { JsonObject } from '@gatewright/core';
import { isObject, textOf } from './json-value.ts';
import { REASONING_KEYS } from './reasoning.ts';

export function hasContent(delta: JsonObject): boolean {
  const { content, audio, function_call: functionCall } = delta;
  if (textOf(content) !== undefined || textOf(delta['refusal']) !== undefined) return true;
  if (REASONING_KEYS.some((key) => textOf(delta[key]) !== undefined)) return true;
  if (hasCalls(delta) || isObject(functionCall)) return true;
  if (isObject(audio)) return textOf(audio['data']) !== undefined || textOf(audio['transcript']) !== undefined;
  return Array.isArray(content) && content.length > 0;
}

/** Whether a delta has a tool call, or a piece of one. */
export function hasCalls(delta: JsonObject): boolean {
  const { tool_calls: calls, function_call: functionCall } = delta;
  return isObject(functionCall) || (Array.isArray(calls) && calls.some(isObject));
}
