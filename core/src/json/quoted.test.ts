/** Text is written as JSON.stringify writes it, whatever is in it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPlain, quoted } from './quoted.ts';

test.each([
  '',
  ' Begin',
  '"',
  '\\',
  '\n',
  '\u007f',
  'é',
  '🙂',
  '\ud800',
  '\u2028',
  'a'.repeat(500),
  `${'a'.repeat(500)}"`,
])('%j', (text) => {
  expect(quoted(text)).toBe(JSON.stringify(text));
});

test('every character, and any text', () => {
  for (let code = 0; code <= 0xffff; code++) {
    const text = String.fromCharCode(code);
    if (quoted(text) !== JSON.stringify(text)) expect.fail(`U+${code.toString(16)} is written otherwise.`);
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => quoted(text) === JSON.stringify(text)),
    { numRuns: 300 },
  );
});

test('only what lies between the offsets is looked at', () => {
  expect([isPlain('"ab"', 1, 3), isPlain('"ab"', 0, 3), isPlain('"ab"', 1, 4)]).toEqual([true, false, false]);
});
