/** What is written on a sheet is read from it, whatever its size. */
import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { SheetReader, SheetWriter, type Sheet } from './sheet.ts';

test('amounts, numbers, words and texts come as they were', () => {
  const amounts = [0n, -1n, 2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n), 2n ** 64n, undefined, 12n ** 40n, 5n];
  const writer = new SheetWriter();
  for (const amount of amounts) writer.amount(amount);
  for (const word of ['', '2026-11', '', '2026-11']) writer.word(word);
  writer.optional(undefined);
  writer.optional(1.5);
  writer.text('a text with ünïcödé');
  writer.other({ of: 'another kind' });
  const sheet = deserialize(serialize(writer.sheet)) as Sheet;
  expect(sheet[2]).toEqual(['', '2026-11']);
  const reader = new SheetReader(sheet);
  expect(amounts.map(() => reader.amount())).toEqual(amounts);
  expect(['', '', '', ''].map(() => reader.word())).toEqual(['', '2026-11', '', '2026-11']);
  expect([reader.optional(), reader.done, reader.optional(), reader.done]).toEqual([undefined, false, 1.5, true]);
  expect([reader.text(), reader.other()]).toEqual(['a text with ünïcödé', { of: 'another kind' }]);
});
