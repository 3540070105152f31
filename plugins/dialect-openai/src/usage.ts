/** Token counts: the API's overlapping ones, and the neutral disjoint classes. */
import { inputTokens, NO_USAGE, outputTokens, type JsonObject, type Usage } from '@gatewright/core';
import { DIALECT } from './dialect-id.ts';
import { isObject } from './json-value.ts';

/**
 * Reads a usage block; undefined where the value is none. Where the API's counts overlap (cached sound), each token is
 * counted in one class only, and the classes sum up to the totals that the provider reports.
 */
export function decodeUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const prompt = objectOf(value['prompt_tokens_details']);
  const input = new Portions(count(value['prompt_tokens']));
  const cacheRead = input.take(
    // Without details: DeepSeek, Moonshot.
    count(prompt['cached_tokens'] ?? value['prompt_cache_hit_tokens'] ?? value['cached_tokens']),
  );
  const cacheWrite5m = input.take(count(prompt['cache_write_tokens'] ?? prompt['cache_creation_input_tokens']));
  const audioInput = input.take(count(prompt['audio_tokens']));
  const imageInput = input.take(count(prompt['image_tokens']));
  const completion = objectOf(value['completion_tokens_details']);
  const thought = count(completion['reasoning_tokens'] ?? value['reasoning_tokens']);
  const output = new Portions(completionTokens(value, thought));
  const reasoning = output.take(thought);
  const audioOutput = output.take(count(completion['audio_tokens']));
  const imageOutput = output.take(count(completion['image_tokens']));
  // All classes by name: as copies of others it took four times as long.
  return {
    input: input.left,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h: 0,
    output: output.left,
    reasoning,
    audioInput,
    audioOutput,
    imageInput,
    imageOutput,
    raw: { dialect: DIALECT, value },
  };
}

/** All that was produced. xAI counts reasoning beside the completion, not in it; only the total tells. */
function completionTokens(value: JsonObject, thought: number): number {
  const completion = count(value['completion_tokens']);
  const apart = thought > 0 && count(value['total_tokens']) === count(value['prompt_tokens']) + completion + thought;
  return apart ? completion + thought : completion;
}

/** A total that is dealt out, never more than there is. */
class Portions {
  left: number;

  constructor(total: number) {
    this.left = total;
  }

  take(wanted: number): number {
    const taken = Math.min(wanted, this.left);
    this.left -= taken;
    return taken;
  }
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}

const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** Writes a usage block: the provider's own where it is of this dialect and still holds. */
export function encodeUsage(usage: Usage): JsonObject {
  const { raw } = usage;
  if (raw?.dialect === DIALECT && sameCounts(usage, decodeUsage(raw.value))) return raw.value;
  const prompt: JsonObject = { cached_tokens: usage.cacheRead, audio_tokens: usage.audioInput };
  const written = usage.cacheWrite5m + usage.cacheWrite1h;
  if (written > 0) prompt['cache_write_tokens'] = written;
  if (usage.imageInput > 0) prompt['image_tokens'] = usage.imageInput;
  const completion: JsonObject = { reasoning_tokens: usage.reasoning, audio_tokens: usage.audioOutput };
  if (usage.imageOutput > 0) completion['image_tokens'] = usage.imageOutput;
  const input = inputTokens(usage);
  const output = outputTokens(usage);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: prompt,
    completion_tokens_details: completion,
  };
}

const COUNTS = Object.keys(NO_USAGE) as (keyof typeof NO_USAGE)[];

function sameCounts(a: Usage, b: Usage | undefined): boolean {
  return b !== undefined && COUNTS.every((key) => a[key] === b[key]);
}
