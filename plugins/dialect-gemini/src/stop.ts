/** Why the model stopped: `finishReason`, or the `blockReason` of a prompt that was not let through. */
import type { JsonObject, Stop, StopReason } from '@gatewright/core';
import { GENERATE } from './names.ts';
import { isObject } from './reading.ts';
import { withRest } from './rest.ts';

/** https://ai.google.dev/api/generate-content#FinishReason; `MODEL_ARMOR` is Vertex AI's, `FUNCTION_CALL` that of servers which only look like it. */
const REASONS: Readonly<Record<string, StopReason>> = {
  STOP: 'stop',
  FUNCTION_CALL: 'tool-calls',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  MODEL_ARMOR: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  // A language that the model does not speak, calls that are not well formed and all that has no name.
  LANGUAGE: 'other',
  MALFORMED_FUNCTION_CALL: 'other',
  OTHER: 'other',
};

const WORDS: Readonly<Record<StopReason, string>> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  length: 'MAX_TOKENS',
  'context-length': 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
  refusal: 'SAFETY',
  pause: 'OTHER',
  other: 'OTHER',
};

/** The stop of a candidate; undefined while there is none. `others` are the candidate's fields that have no other place. */
export function decodeStop(word: unknown, hasCalls: boolean, others: JsonObject, notes: JsonObject): Stop | undefined {
  if (typeof word !== 'string') return undefined;
  const reason = Object.hasOwn(REASONS, word) ? (REASONS[word] as StopReason) : 'other';
  return {
    reason: reason === 'stop' && hasCalls ? 'tool-calls' : reason,
    raw: { dialect: GENERATE, value: word },
    ...withRest(others, notes),
  };
}

/** The stop that stands for a blocked prompt, to which there is no answer; undefined where it is not blocked. */
export function decodeBlock(feedback: unknown): Stop | undefined {
  if (!isObject(feedback) || typeof feedback['blockReason'] !== 'string') return undefined;
  return {
    reason: 'content-filter',
    raw: { dialect: GENERATE, value: feedback['blockReason'] },
    rest: { dialect: GENERATE, fields: { $promptFeedback: feedback } },
  };
}

/** What a blocked prompt is answered with; undefined for any other stop. */
export function encodeBlock(stop: Stop | undefined): unknown {
  return stop?.rest?.dialect === GENERATE ? stop.rest.fields['$promptFeedback'] : undefined;
}

export function encodeReason(stop: Stop): string {
  return stop.raw?.dialect === GENERATE ? stop.raw.value : WORDS[stop.reason];
}
