import { expect, test } from 'vitest';
import { deepFreeze } from './freeze.ts';

test('freezes all the way down, and does not mind circles or what is frozen already', () => {
  const value = { list: [{ deep: { er: 1 } }], nothing: null, self: undefined as unknown };
  value.self = value;
  const frozen = deepFreeze(value);
  expect(frozen).toBe(value);
  expect(() => {
    (frozen.list[0] as { deep: { er: number } }).deep.er = 2;
  }).toThrow(TypeError);
  expect(deepFreeze(frozen)).toBe(value);
});

test('leaves the bytes of buffers as they are, which nothing can freeze', () => {
  const answer = deepFreeze({ audio: Buffer.from('abc'), parts: [new Uint8Array(1)] });
  expect(Object.isFrozen(answer)).toBe(true);
  expect(answer.audio.toString()).toBe('abc');
});
