/** Token counts: this dialect's `usage`, and the neutral classes. */
import { inputTokens, NO_USAGE, outputTokens, type JsonObject, type Usage } from '@gatewright/core';
import { CONVERSE } from './names.ts';
import { isObject } from './reading.ts';

/**
 * The neutral counts of a `usage` object; undefined where there is none. `inputTokens` has neither what was read from
 * the cache nor what was written to it, so the classes need no subtraction
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html). Reasoning is part of the
 * output, and not told apart.
 */
export function decodeUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  return {
    ...NO_USAGE,
    input: count(usage['inputTokens']),
    cacheRead: count(usage['cacheReadInputTokens']),
    ...cacheWrites(usage),
    output: count(usage['outputTokens']),
    raw: { dialect: CONVERSE, value: usage },
  };
}

/** What the details do not call an hour's was written for five minutes. */
function cacheWrites(usage: JsonObject): { cacheWrite5m: number; cacheWrite1h: number } {
  const details: unknown[] = Array.isArray(usage['cacheDetails']) ? usage['cacheDetails'] : [];
  const written = { short: 0, long: 0 };
  for (const detail of details) {
    if (isObject(detail)) written[detail['ttl'] === '1h' ? 'long' : 'short'] += count(detail['inputTokens']);
  }
  const total = Math.max(count(usage['cacheWriteInputTokens']), written.short + written.long);
  return { cacheWrite5m: total - written.long, cacheWrite1h: written.long };
}

function count(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0;
}

/** The `usage` of an answer: the provider's own where it is of this dialect. */
export function encodeUsage(usage: Usage | undefined): JsonObject {
  if (usage?.raw?.dialect === CONVERSE) return usage.raw.value;
  const { cacheRead, cacheWrite5m, cacheWrite1h } = usage ?? NO_USAGE;
  const [input, output] = [inputTokens(usage ?? NO_USAGE), outputTokens(usage ?? NO_USAGE)];
  const written = cacheWrite5m + cacheWrite1h;
  const details = [
    { ttl: '1h', inputTokens: cacheWrite1h },
    { ttl: '5m', inputTokens: cacheWrite5m },
  ].filter((detail) => detail.inputTokens > 0);
  return {
    inputTokens: input - cacheRead - written,
    outputTokens: output,
    totalTokens: input + output,
    cacheReadInputTokens: cacheRead,
    cacheWriteInputTokens: written,
    ...(details.length === 0 ? {} : { cacheDetails: details }),
  };
}
