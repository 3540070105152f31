/** Why the model stopped: `finish_reason`. */
import type { Part, Stop, StopReason } from '@gatewright/core';
import { CHAT } from './names.ts';

/** https://docs.cohere.com/reference/chat; the last two are what older models and servers say. */
const REASONS: Readonly<Record<string, StopReason>> = {
  COMPLETE: 'stop',
  STOP_SEQUENCE: 'stop-sequence',
  MAX_TOKENS: 'length',
  TOOL_CALL: 'tool-calls',
  ERROR_LIMIT: 'context-length',
  ERROR_TOXIC: 'content-filter',
};

const WORDS: Readonly<Record<StopReason, string>> = {
  stop: 'COMPLETE',
  'stop-sequence': 'STOP_SEQUENCE',
  length: 'MAX_TOKENS',
  // The reason for both: the limit of the request, and that of the model's context.
  'context-length': 'MAX_TOKENS',
  'tool-calls': 'TOOL_CALL',
  // There is no word for an answer that was cut by a filter, and it must not look finished.
  'content-filter': 'ERROR',
  refusal: 'ERROR',
  pause: 'COMPLETE',
  other: 'COMPLETE',
};

/** The status that a failure in the middle of an answer would have had before it, by its `finish_reason`. */
const FAILURES: Readonly<Record<string, number>> = { ERROR: 500, TIMEOUT: 504 };

/** The status of the failure that a `finish_reason` tells of; undefined where it tells of none. */
export function failureStatus(word: unknown): number | undefined {
  return typeof word === 'string' && Object.hasOwn(FAILURES, word) ? FAILURES[word] : undefined;
}

/** The stop that a `finish_reason` is; undefined while there is none. */
export function decodeStop(word: unknown): Stop | undefined {
  if (typeof word !== 'string') return undefined;
  const reason = Object.hasOwn(REASONS, word) ? (REASONS[word] as StopReason) : 'other';
  return { reason, raw: { dialect: CHAT, value: word } };
}

/** Some providers call it a normal stop when the model has called tools; clients go by the reason alone. */
export function encodeReason(stop: Stop | undefined, parts: Iterable<Part['type']>): string {
  if (stop?.raw?.dialect === CHAT) return stop.raw.value;
  const reason = stop?.reason ?? 'stop';
  if (reason === 'stop' && new Set(parts).has('tool-call')) return WORDS['tool-calls'];
  return WORDS[reason];
}
