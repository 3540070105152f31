/** Why answers end. */
import { expect, test } from 'vitest';
import { decodeStop, encodeStop } from './stop.ts';

test.each([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'content-filter'],
  ['model_length', 'context-length'],
  ['eos_token', 'stop'],
  ['insufficient_system_resource', 'other'],
])('%s is %s, and stays the word that it is', (word, reason) => {
  const stop = decodeStop({ finish_reason: word }, false);
  expect(stop).toEqual({ reason, raw: { dialect: 'openai-chat', value: word } });
  expect(stop && encodeStop(stop)).toBe(word);
});

test.each([undefined, null, '', 7])('%j is no stop', (word) => {
  expect(decodeStop({ finish_reason: word }, false)).toBeUndefined();
});

test('a stop sequence, where the server tells it (vLLM, SGLang)', () => {
  for (const key of ['stop_reason', 'matched_stop']) {
    expect(decodeStop({ finish_reason: 'stop', [key]: 'END' }, false)).toMatchObject({
      reason: 'stop-sequence',
      sequence: 'END',
    });
    expect(decodeStop({ finish_reason: 'stop', [key]: 128_009 }, false)).toMatchObject({ reason: 'stop' });
    expect(decodeStop({ finish_reason: 'length', [key]: 'END' }, false)).not.toHaveProperty('sequence');
  }
});

test('with calls, a plain stop is theirs', () => {
  expect(decodeStop({ finish_reason: 'stop' }, true)?.reason).toBe('tool-calls');
  expect(decodeStop({ finish_reason: 'length' }, true)?.reason).toBe('length');
});
