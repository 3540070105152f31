/** Reads how the answer is to be made: `options`, `format` and `think`. */
import type { ChatRequest, JsonObject, ReasoningSettings, ResponseFormat } from '@gatewright/core';
import { isMissing, isObject, type Place } from './reading.ts';

export type Draft = { -readonly [K in keyof ChatRequest]: ChatRequest[K] };

/** Options that other dialects have, by their names here and there (https://docs.ollama.com/modelfile#parameter). */
export const NUMBERS = [
  ['temperature', 'temperature'],
  ['top_p', 'topP'],
  ['top_k', 'topK'],
  ['seed', 'seed'],
  ['presence_penalty', 'presencePenalty'],
  ['frequency_penalty', 'frequencyPenalty'],
] as const;

const SHARED: ReadonlySet<string> = new Set([...NUMBERS.map(([name]) => name), 'num_predict', 'stop']);

/** Options for the runner, which another provider may leave out without loss: they do not say what is answered. */
const RUNNER: ReadonlySet<string> = new Set([
  'num_ctx',
  'num_batch',
  'num_gpu',
  'main_gpu',
  'num_thread',
  'num_keep',
  'use_mmap',
  'use_mlock',
  'numa',
  'low_vram',
  'f16_kv',
  'vocab_only',
]);

/** Fills the draft; answers with what is left: for the runner, and for this dialect alone. */
export function decodeOptions(value: unknown, draft: Draft, at: Place): { $runner?: JsonObject; options?: JsonObject } {
  if (isMissing(value)) return {};
  const options = at.object(value);
  for (const [name, field] of NUMBERS) {
    if (!isMissing(options[name])) draft[field] = at.at(name).number(options[name]);
  }
  const { num_predict: limit, stop } = options;
  // Below zero stands for no limit.
  if (!isMissing(limit) && at.at('num_predict').number(limit) >= 0) draft.maxOutput = limit as number;
  if (!isMissing(stop)) {
    const list = typeof stop === 'string' ? [stop] : at.at('stop').list(stop);
    draft.stop = list.map((word, index) => at.at('stop').at(index).string(word));
  }
  const entries = Object.entries(options).filter(([name]) => !SHARED.has(name));
  const runner = Object.fromEntries(entries.filter(([name]) => RUNNER.has(name)));
  const others = Object.fromEntries(entries.filter(([name]) => !RUNNER.has(name)));
  return {
    ...(Object.keys(runner).length === 0 ? {} : { $runner: runner }),
    ...(Object.keys(others).length === 0 ? {} : { options: others }),
  };
}

export function decodeFormat(value: unknown, at: Place): ResponseFormat | undefined {
  if (isMissing(value) || value === '') return undefined;
  if (value === 'json') return { kind: 'json' };
  if (!isObject(value)) throw at.fail('must be "json" or a JSON Schema');
  return { kind: 'schema', schema: value };
}

export function decodeThink(value: unknown, at: Place): ReasoningSettings | undefined {
  if (isMissing(value)) return undefined;
  if (typeof value === 'boolean') return { mode: value ? 'enabled' : 'disabled' };
  return { effort: at.string(value) };
}
