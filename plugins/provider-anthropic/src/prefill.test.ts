import { expect, test } from 'vitest';
import { prefill } from './prefill.ts';

test.each<[string, 'continues' | undefined]>([
  ['claude-2.1', 'continues'],
  ['claude-3-haiku-20240307', 'continues'],
  ['claude-3-5-sonnet-20241022', 'continues'],
  ['claude-3-7-sonnet-latest', 'continues'],
  ['claude-opus-4-20250514', 'continues'],
  ['claude-sonnet-4-5', 'continues'],
  ['claude-haiku-4-5-20251001', 'continues'],
  ['claude-opus-4-6', undefined],
  ['claude-sonnet-4-6-20260301', undefined],
  ['claude-opus-5', undefined],
  ['some-other-model', undefined],
])('whether %s goes on with a beginning: %s', (model, answer) => {
  expect(prefill(model)).toBe(answer);
});
