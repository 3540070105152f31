/** What an image costs in tokens: `{input_tokens, output_tokens, total_tokens, input_tokens_details, output_tokens_details}`. */
import { inputTokens, NO_USAGE, outputTokens, type JsonObject, type Usage } from '@gatewright/core';
import { isObject } from '../json-value.ts';
import { IMAGES } from './dialect-id.ts';

/**
 * The neutral counts. Output is images unless the details say that some of it is text. Undefined where the value is no
 * usage block: models that are billed by the image report none.
 */
export function decodeUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const input = count(value['input_tokens']);
  const output = count(value['output_tokens']);
  const into = objectOf(value['input_tokens_details']);
  const out = objectOf(value['output_tokens_details']);
  const imageInput = Math.min(input, count(into['image_tokens']));
  const cacheRead = Math.min(input - imageInput, count(into['cached_tokens']));
  const text = Math.min(output, count(out['text_tokens']));
  return {
    ...NO_USAGE,
    input: input - imageInput - cacheRead,
    cacheRead,
    imageInput,
    output: text,
    imageOutput: output - text,
    raw: { dialect: IMAGES, value },
  };
}

/** The block for a usage: the provider's own where it is of this dialect; undefined where no tokens were counted. */
export function encodeUsage(usage: Usage): JsonObject | undefined {
  if (usage.raw?.dialect === IMAGES) return usage.raw.value;
  const [input, output] = [inputTokens(usage), outputTokens(usage)];
  if (input + output === 0) return undefined;
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    input_tokens_details: { text_tokens: input - usage.imageInput, image_tokens: usage.imageInput },
    output_tokens_details: { text_tokens: output - usage.imageOutput, image_tokens: usage.imageOutput },
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}

const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
