/** Surgery on the text of a chunk. */
import { expect, test } from 'vitest';
import fc from 'fast-check';
import { ChunkSurgery } from './chunk-surgery.ts';

const drop = new ChunkSurgery({ dropUsage: true });
const rename = new ChunkSurgery({ dropUsage: false, model: 'new' });

test.each([
  ['{"a":1,"usage":null}', '{"a":1}'],
  ['{"usage":null,"a":1}', '{"a":1}'],
  ['{"usage":null}', '{}'],
  [
    '{"a":{"usage":null},"usage":{"b":[{"usage":1}]},"c":"\\"usage\\":null"}',
    '{"a":{"usage":null},"c":"\\"usage\\":null"}',
  ],
  ['{"a":1}', '{"a":1}'],
])('without usage, %s is %s', (text, expected) => {
  expect(drop.apply(text)).toBe(expected);
});

test.each([
  ['{"model":"old","a":{"model":"old"}}', '{"model":"new","a":{"model":"old"}}'],
  ['{"a":"\\\\","model" : "old"}', '{"a":"\\\\","model" : "new"}'],
  ['{"model":""}', '{"model":""}'],
  ['{"model":"new"}', '{"model":"new"}'],
])('under another name, %s is %s', (text, expected) => {
  expect(rename.apply(text)).toBe(expected);
});

test('is needed where something may have to change', () => {
  expect([drop.needed, rename.needed, new ChunkSurgery({ dropUsage: false }).needed]).toEqual([true, true, false]);
});

test('is what parsing and writing anew would do', () => {
  const both = new ChunkSurgery({ dropUsage: true, model: 'new' });
  const key = fc.oneof(fc.string(), fc.constantFrom('usage', 'model')).filter((name) => name !== '__proto__');
  fc.assert(
    fc.property(fc.dictionary(key, fc.jsonValue()), fc.nat(2), (value, indent) => {
      const { usage: _usage, ...expected } = value;
      if (Object.hasOwn(expected, 'model') && expected['model'] !== '') expected['model'] = 'new';
      const text = JSON.stringify(value, null, indent);
      expect(JSON.parse(both.apply(text))).toEqual(JSON.parse(JSON.stringify(expected)));
    }),
    { numRuns: 500 },
  );
});
