/** Token counts of a chat: this dialect's `usage`, and the neutral classes. */
import { inputTokens, NO_USAGE, outputTokens, type JsonObject, type Usage } from '@gatewright/core';
import { CHAT } from './names.ts';
import { isObject } from './reading.ts';

/**
 * The neutral counts of a `usage` object; undefined where there is none. What is billed is what counts: `tokens` has the
 * provider's own instructions to the model in it, and `cached_tokens` is a part of those. Only a server that bills
 * nothing is counted by its tokens (https://docs.cohere.com/docs/how-does-cohere-pricing-work).
 */
export function decodeUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const { billed_units: billed, tokens } = usage;
  const raw = { dialect: CHAT, value: usage };
  if (isObject(billed) && (isNumber(billed['input_tokens']) || isNumber(billed['output_tokens']))) {
    return { ...NO_USAGE, input: count(billed['input_tokens']), output: count(billed['output_tokens']), raw };
  }
  const used = isObject(tokens) ? tokens : {};
  const input = count(used['input_tokens']);
  const cacheRead = Math.min(input, count(usage['cached_tokens']));
  return { ...NO_USAGE, input: input - cacheRead, cacheRead, output: count(used['output_tokens']), raw };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

/** A count of what was used: never less than nothing. */
export function count(value: unknown): number {
  return isNumber(value) && value > 0 ? value : 0;
}

/** The `usage` of an answer: the provider's own where it is of this dialect. */
export function encodeUsage(usage: Usage | undefined): JsonObject {
  if (usage?.raw?.dialect === CHAT) return usage.raw.value;
  const known = usage ?? NO_USAGE;
  const counts = { input_tokens: inputTokens(known), output_tokens: outputTokens(known) };
  return {
    billed_units: counts,
    tokens: counts,
    ...(known.cacheRead > 0 ? { cached_tokens: known.cacheRead } : {}),
  };
}
