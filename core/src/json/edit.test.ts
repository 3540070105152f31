import { expect, test } from 'vitest';
import { applyEdits } from './edit.ts';

test('without edits it is the same buffer', () => {
  const bytes = Buffer.from('{"model":"a"}');
  expect(applyEdits(bytes, [])).toBe(bytes);
});

test('makes several edits, in whatever order they are given', () => {
  const edits = [
    { start: 9, end: 12, text: '"bb"' },
    { start: 1, end: 1, text: '"x":1,' },
  ];
  expect(applyEdits(Buffer.from('{"model":"a"}'), edits).toString()).toBe('{"x":1,"model":"bb"}');
});
