/** Why the model stopped: `stop_reason`, `stop_sequence` and `stop_details`. */
import type { JsonObject, Part, Stop, StopReason } from '@gatewright/core';
import { MESSAGES } from './names.ts';
import { restFrom } from './rest.ts';

/** https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons */
const REASONS: Readonly<Record<string, StopReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop-sequence',
  max_tokens: 'length',
  tool_use: 'tool-calls',
  pause_turn: 'pause',
  // The context was compacted, and the model waits to go on.
  compaction: 'pause',
  refusal: 'refusal',
  model_context_window_exceeded: 'context-length',
};

const WORDS: Readonly<Record<StopReason, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'context-length': 'model_context_window_exceeded',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  refusal: 'refusal',
  pause: 'pause_turn',
  other: 'end_turn',
};

/** The stop of a message or of its last delta; undefined while there is none. `fields` are for its rest. */
export function decodeStop(message: JsonObject, fields: JsonObject): Stop | undefined {
  const { stop_reason: word, stop_sequence: sequence } = message;
  if (typeof word !== 'string') return undefined;
  const rest = restFrom(fields);
  return {
    reason: Object.hasOwn(REASONS, word) ? (REASONS[word] as StopReason) : 'other',
    raw: { dialect: MESSAGES, value: word },
    ...(typeof sequence === 'string' ? { sequence } : {}),
    ...(rest === undefined ? {} : { rest }),
  };
}

/**
 * The `stop_reason` of an answer. Some providers call it a normal stop when the model has called tools or refused;
 * clients of this dialect go by the reason alone, so it follows from the parts.
 */
export function encodeReason(stop: Stop | undefined, parts: Iterable<Part['type']>): string | null {
  if (stop === undefined) return null;
  if (stop.raw?.dialect === MESSAGES) return stop.raw.value;
  if (stop.reason !== 'stop') return WORDS[stop.reason];
  const types = new Set(parts);
  if (types.has('tool-call')) return 'tool_use';
  return types.has('refusal') ? 'refusal' : 'end_turn';
}
