/** Arrays split into their elements, however the bytes are cut. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArraySplitter } from './array-splitter.ts';

/** Splits pieces, and gives back the elements and the bytes that may be passed on. */
function split(pieces: readonly Buffer[]): { elements: unknown[]; passed: string } {
  const elements: unknown[] = [];
  let passed = '';
  const splitter: ArraySplitter = new ArraySplitter((frame, start, end) => {
    elements.push(frame.json());
    expect(splitter.bytes.toString('utf8', start, end).endsWith(frame.text())).toBe(true);
  });
  for (const piece of pieces) {
    const done = splitter.push(piece);
    passed += splitter.bytes.toString('utf8', 0, done);
  }
  expect(splitter.end()).toBe(false);
  return { elements, passed };
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set([0, ...places.map((place) => place % bytes.length), bytes.length])].toSorted((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const elements = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 5 });

test('the elements are the same wherever the bytes are cut, and only the closing bracket is kept', () => {
  fc.assert(
    fc.property(elements, fc.array(fc.nat(), { maxLength: 20 }), (list, places) => {
      const text = `[${list.map((one) => JSON.stringify(one)).join(',\r\n')}\n]\n`;
      const { elements: found, passed } = split(cut(Buffer.from(text), places));
      expect(found).toEqual(JSON.parse(JSON.stringify(list)));
      const last = text.lastIndexOf('}', text.lastIndexOf('\n]'));
      expect(passed).toBe(list.length === 0 ? '' : text.slice(0, last + 1));
    }),
  );
});

test('brackets, quotes and backslashes in text, one byte at a time', () => {
  const list = [{ a: '}]{["\\"\\\\' }, { '}': [[{}]], b: '😀ü\\' }];
  const bytes = Buffer.from(JSON.stringify(list, null, 2));
  expect(split([...bytes].map((byte) => Buffer.from([byte]))).elements).toEqual(list);
});

test('an element that is cut off is none', () => {
  expect(split([Buffer.from('[{"a":1},{"b":')]).elements).toEqual([{ a: 1 }]);
});

test('an element that is too long is refused', () => {
  const splitter = new ArraySplitter(() => undefined, 100);
  splitter.push(Buffer.from('[{"a":"'));
  expect(() => splitter.push(Buffer.alloc(200, 'x'))).toThrow(RangeError);
});
