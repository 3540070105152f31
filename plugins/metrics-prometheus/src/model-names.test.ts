/** Only names of the configuration become labels. */
import { expect, test } from 'vitest';
import { ModelNames } from './model-names.ts';

test('a name is known from the first time that a target was called for it', () => {
  const names = new ModelNames();
  expect(names.label('smart', false)).toBe('unknown');
  expect(names.label('smart', true)).toBe('smart');
  expect(names.label('smart', false)).toBe('smart');
  expect(names.label('smarter', false)).toBe('unknown');
});

test('an operation without a model says so', () => {
  expect(new ModelNames().label('', false)).toBe('none');
});
