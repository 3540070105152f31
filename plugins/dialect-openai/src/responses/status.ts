/** Why an answer ended: `status` with `incomplete_details`, and the neutral reasons. */
import type { JsonObject, Stop, StopReason } from '@gatewright/core';
import { isObject, textOf } from '../json-value.ts';
import { RESPONSES } from './dialect-id.ts';

/** What `incomplete_details.reason` says. */
const REASONS: ReadonlyMap<string, StopReason> = new Map([
  ['max_output_tokens', 'length'],
  ['max_tokens', 'length'],
  ['content_filter', 'content-filter'],
]);

/** Statuses of an answer that is not over: it goes on in the background. */
const OPEN: ReadonlySet<string> = new Set(['queued', 'in_progress']);

/** Whether an answer goes on. */
export const isOpen = (status: unknown): boolean => typeof status === 'string' && OPEN.has(status);

/** The stop of an answer; undefined while it goes on. `calls`: the client is to run tools. */
export function decodeStatus(status: unknown, details: unknown, calls: boolean): Stop | undefined {
  // Some servers leave the status out of whole answers.
  const word = textOf(status) ?? 'completed';
  if (OPEN.has(word)) return undefined;
  if (word === 'completed') return { reason: calls ? 'tool-calls' : 'stop', raw: { dialect: RESPONSES, value: word } };
  const reason = isObject(details) ? textOf(details['reason']) : undefined;
  const value = word === 'incomplete' && reason !== undefined ? reason : word;
  // What is not complete must not look so in any dialect.
  return { reason: REASONS.get(value) ?? 'length', raw: { dialect: RESPONSES, value } };
}

const INCOMPLETE: Readonly<Partial<Record<StopReason, string>>> = {
  length: 'max_output_tokens',
  'context-length': 'max_output_tokens',
  'content-filter': 'content_filter',
  // The answer is not finished, and must not look so.
  pause: 'max_output_tokens',
};

/** The members of a response that say how it ended. Without a stop it goes on. */
export function encodeStatus(stop: Stop | undefined): {
  readonly status: string;
  readonly incomplete_details: JsonObject | null;
} {
  if (stop === undefined) return { status: 'in_progress', incomplete_details: null };
  const own = stop.raw?.dialect === RESPONSES ? stop.raw.value : undefined;
  if (own === 'completed' || own === 'cancelled') return { status: own, incomplete_details: null };
  if (own === 'incomplete') return { status: own, incomplete_details: null };
  const reason = own ?? INCOMPLETE[stop.reason];
  if (reason === undefined) return { status: 'completed', incomplete_details: null };
  return { status: 'incomplete', incomplete_details: { reason } };
}
