/** Why the model stopped, both ways. */
import type { Part, Stop, StopReason } from '@gatewright/core';
import { expect, test } from 'vitest';
import { decodeStop, encodeReason } from './stop.ts';

const WORDS: [string, StopReason][] = [
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop-sequence'],
  ['max_tokens', 'length'],
  ['tool_use', 'tool-calls'],
  ['pause_turn', 'pause'],
  ['compaction', 'pause'],
  ['refusal', 'refusal'],
  ['model_context_window_exceeded', 'context-length'],
  ['bored', 'other'],
  ['constructor', 'other'],
];

test.each(WORDS)('%s is %s, and comes back as it was', (word, reason) => {
  const stop = decodeStop({ stop_reason: word, stop_sequence: null }, {});
  expect(stop).toEqual({ reason, raw: { dialect: 'anthropic-messages', value: word } });
  expect(encodeReason(stop, ['tool-call'])).toBe(word);
});

test('the sequence that was met, and the details of a refusal', () => {
  expect(decodeStop({ stop_reason: 'stop_sequence', stop_sequence: 'END' }, {})).toMatchObject({ sequence: 'END' });
  const stop_details = { type: 'refusal', category: 'cyber', explanation: null };
  expect(decodeStop({ stop_reason: 'refusal' }, { stop_details })?.rest).toEqual({
    dialect: 'anthropic-messages',
    fields: { stop_details },
  });
});

test('a message that has not stopped has no stop', () => {
  expect(decodeStop({ stop_reason: null }, {})).toBeUndefined();
  expect(encodeReason(undefined, [])).toBeNull();
});

test.each<[StopReason, Part['type'][], string]>([
  ['stop', ['text'], 'end_turn'],
  ['stop', ['text', 'tool-call'], 'tool_use'],
  ['stop', ['refusal'], 'refusal'],
  ['stop-sequence', [], 'stop_sequence'],
  ['length', ['tool-call'], 'max_tokens'],
  ['context-length', [], 'model_context_window_exceeded'],
  ['tool-calls', [], 'tool_use'],
  ['content-filter', [], 'refusal'],
  ['refusal', [], 'refusal'],
  ['pause', [], 'pause_turn'],
  ['other', [], 'end_turn'],
])('%s of another dialect, with %j, is %s', (reason, parts, word) => {
  const stop: Stop = { reason, raw: { dialect: 'openai-chat', value: 'x' } };
  expect(encodeReason(stop, parts)).toBe(word);
});
