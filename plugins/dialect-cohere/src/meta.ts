/** What an embed or a rerank was billed for: this dialect's `meta`, and the neutral counts. */
import { inputTokens, NO_USAGE, type JsonObject, type Usage } from '@gatewright/core';
import { isObject } from './reading.ts';
import { compact } from './rest.ts';
import { count } from './usage.ts';

/** The version that answers say they are of. */
const VERSION = { version: '2' };

/** The neutral counts of a `meta` object; undefined where there is none. */
export function decodeMeta(meta: unknown, dialect: string): Usage | undefined {
  if (!isObject(meta)) return undefined;
  const { billed_units: billed } = meta;
  const units = isObject(billed) ? billed : {};
  const searches = count(units['search_units']);
  return {
    ...NO_USAGE,
    input: count(units['input_tokens']),
    imageInput: count(units['image_tokens']),
    ...(searches > 0 ? { units: { searches } } : {}),
    raw: { dialect, value: meta },
  };
}

/** The `meta` of an answer: the provider's own where it is of this dialect. */
export function encodeMeta(usage: Usage | undefined, dialect: string): JsonObject {
  if (usage?.raw?.dialect === dialect) return usage.raw.value;
  const { imageInput, units } = usage ?? NO_USAGE;
  const tokens = inputTokens(usage ?? NO_USAGE) - imageInput;
  return {
    api_version: VERSION,
    billed_units: compact({
      input_tokens: tokens > 0 || units?.searches === undefined ? tokens : undefined,
      image_tokens: imageInput > 0 ? imageInput : undefined,
      search_units: units?.searches,
    }),
  };
}
