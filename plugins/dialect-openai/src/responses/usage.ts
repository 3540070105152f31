/** Token counts: those of the Responses API, and the neutral disjoint classes. */
import { inputTokens, NO_USAGE, outputTokens, type JsonObject, type Usage } from '@gatewright/core';
import { isObject, sameJson } from '../json-value.ts';
import { RESPONSES } from './dialect-id.ts';

/** Reads a usage block; undefined where the value is none. What is cached is part of the input, and reasoning of the output. */
export function decodeUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const given = objectOf(value['input_tokens_details']);
  const made = objectOf(value['output_tokens_details']);
  const input = count(value['input_tokens']);
  const cacheRead = Math.min(count(given['cached_tokens']), input);
  const cacheWrite5m = Math.min(count(given['cache_write_tokens']), input - cacheRead);
  const output = count(value['output_tokens']);
  const reasoning = Math.min(count(made['reasoning_tokens']), output);
  return {
    ...NO_USAGE,
    input: input - cacheRead - cacheWrite5m,
    cacheRead,
    cacheWrite5m,
    output: output - reasoning,
    reasoning,
    raw: { dialect: RESPONSES, value },
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}

const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** Writes a usage block: the provider's own where it is of this dialect and still holds. */
export function encodeUsage(usage: Usage): JsonObject {
  const { raw, ...counts } = usage;
  if (raw?.dialect === RESPONSES) {
    const { raw: _, ...told } = decodeUsage(raw.value) ?? NO_USAGE;
    if (sameJson(counts, told)) return raw.value;
  }
  const input = inputTokens(usage);
  const output = outputTokens(usage);
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite5m + usage.cacheWrite1h,
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: input + output,
  };
}
