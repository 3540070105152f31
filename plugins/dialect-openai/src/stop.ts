/** Why an answer ended: `finish_reason`, and the neutral reasons. */
import type { JsonObject, Stop, StopReason } from '@gatewright/core';
import { DIALECT } from './dialect-id.ts';
import { textOf, type Writable } from './json-value.ts';

/** The API's own words, and those of servers that speak its dialect. */
const REASONS: ReadonlyMap<string, StopReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'content-filter'],
  // Text Generation Inference
  ['eos_token', 'stop'],
  ['stop_sequence', 'stop-sequence'],
  // Mistral
  ['model_length', 'context-length'],
  // Z.ai
  ['sensitive', 'content-filter'],
  ['model_context_window_exceeded', 'context-length'],
  // Others
  ['eos', 'stop'],
  ['end_turn', 'stop'],
  ['max_tokens', 'length'],
  ['tool_use', 'tool-calls'],
]);

const WORDS: Readonly<Record<StopReason, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-length': 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'content_filter',
  // The answer is not finished, and must not look so.
  pause: 'length',
  other: 'stop',
};

/** Fields in which servers say which stop sequence was met: vLLM, SGLang. */
const SEQUENCE_KEYS = ['stop_reason', 'matched_stop'] as const;

/**
 * The stop of a choice, or undefined while it goes on. An answer that was made to call a tool ends with `stop` in the
 * API: where there are calls, the neutral reason is `tool-calls`.
 */
export function decodeStop(choice: JsonObject, hasCalls: boolean): Stop | undefined {
  const word = textOf(choice['finish_reason']);
  if (word === undefined) return undefined;
  const stop: Writable<Stop> = { reason: REASONS.get(word) ?? 'other', raw: { dialect: DIALECT, value: word } };
  if (stop.reason !== 'stop') return stop;
  if (hasCalls) stop.reason = 'tool-calls';
  for (const key of SEQUENCE_KEYS) {
    const sequence = textOf(choice[key]);
    if (sequence === undefined || hasCalls) continue;
    stop.reason = 'stop-sequence';
    stop.sequence = sequence;
  }
  return stop;
}

/** The word for a stop. */
export function encodeStop(stop: Stop): string {
  return stop.raw?.dialect === DIALECT ? stop.raw.value : WORDS[stop.reason];
}
