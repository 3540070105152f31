import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { SHORT_TEXT, shortText } from './short-text.ts';

const inside = (text: Buffer): string =>
  shortText(Buffer.concat([Buffer.from('""'), text, Buffer.from('"')]), 2, 2 + text.length);

describe('shortText', () => {
  test('answers with the text of the bytes, whatever came before', () => {
    // Few letters and lengths: texts that fall into one place follow on each other.
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀', '\ufffd'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(texts, { minLength: 2, maxLength: 60 }), (all) => {
        for (const text of all) expect(inside(Buffer.from(text))).toBe(text);
      }),
    );
  });

  test('reads bytes that are no text as Buffer does, the second time too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: SHORT_TEXT + 4 }), (bytes) => {
        const expected = Buffer.from(bytes).toString('utf8');
        expect([inside(Buffer.from(bytes)), inside(Buffer.from(bytes))]).toEqual([expected, expected]);
      }),
    );
  });

  test('tells texts of one length with the same ends apart', () => {
    expect(['model', 'medal', 'model'].map((text) => inside(Buffer.from(text)))).toEqual(['model', 'medal', 'model']);
  });
});
