/** Why the model stopped: `stopReason`. */
import type { JsonObject, Part, Stop, StopReason } from '@gatewright/core';
import { CONVERSE } from './names.ts';
import { restFrom } from './rest.ts';

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_MessageStopEvent.html */
const REASONS: Readonly<Record<string, StopReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop-sequence',
  max_tokens: 'length',
  tool_use: 'tool-calls',
  guardrail_intervened: 'content-filter',
  content_filtered: 'content-filter',
  model_context_window_exceeded: 'context-length',
};

const WORDS: Readonly<Record<StopReason, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'context-length': 'model_context_window_exceeded',
  'tool-calls': 'tool_use',
  'content-filter': 'content_filtered',
  refusal: 'content_filtered',
  pause: 'end_turn',
  other: 'end_turn',
};

/** The stop of an answer or of the end of its stream; undefined while there is none. `fields` are for its rest. */
export function decodeStop(word: unknown, fields: JsonObject = {}): Stop | undefined {
  if (typeof word !== 'string') return undefined;
  const rest = restFrom(fields);
  return {
    reason: Object.hasOwn(REASONS, word) ? (REASONS[word] as StopReason) : 'other',
    raw: { dialect: CONVERSE, value: word },
    ...(rest === undefined ? {} : { rest }),
  };
}

/** Some providers call it a normal stop when the model has called tools; clients go by the reason alone. */
export function encodeReason(stop: Stop | undefined, parts: Iterable<Part['type']>): string {
  if (stop === undefined) return WORDS.stop;
  if (stop.raw?.dialect === CONVERSE) return stop.raw.value;
  if (stop.reason !== 'stop') return WORDS[stop.reason];
  const types = new Set(parts);
  if (types.has('tool-call')) return WORDS['tool-calls'];
  return types.has('refusal') ? WORDS.refusal : WORDS.stop;
}
