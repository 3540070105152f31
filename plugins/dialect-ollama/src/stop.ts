/** Why the model stopped (https://docs.ollama.com/api/chat). */
import type { Stop, StopReason } from '@gatewright/core';
import { CHAT } from './names.ts';

const REASONS: ReadonlyMap<string, StopReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  // No word of Ollama's, which filters nothing: an answer that was cut must not look like one that is done.
  ['content_filter', 'content-filter'],
]);

/** An answer that has ended without a reason was done. Where there are calls, they are why it stopped. */
export function decodeStop(word: unknown, hasCalls: boolean): Stop {
  const value = typeof word === 'string' && word !== '' ? word : 'stop';
  const reason = REASONS.get(value) ?? 'other';
  return { reason: reason === 'stop' && hasCalls ? 'tool-calls' : reason, raw: { dialect: CHAT, value } };
}

export function encodeStop(stop: Stop | undefined): string {
  if (stop?.raw?.dialect === CHAT) return stop.raw.value;
  if (stop?.reason === 'content-filter') return 'content_filter';
  return stop?.reason === 'length' || stop?.reason === 'context-length' ? 'length' : 'stop';
}
