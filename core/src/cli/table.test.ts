/** Tests of tables: columns, colours, and lines that end where the terminal does. */
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { table } from './table.ts';

test('columns are as wide as their widest cell, the last one needs none', () => {
  expect(
    table(
      [
        ['a', 'one', 'x'],
        ['long', 'b', 'yy'],
        ['c', '', ''],
      ],
      { indent: 2 },
    ),
  ).toEqual(['  a     one  x', '  long  b    yy', '  c']);
});

test('the last column breaks between words and goes on below itself', () => {
  const text = 'a sentence that is rather long for so narrow a terminal';
  expect(table([['name', text]], { width: 32 })).toEqual([
    'name  a sentence that is rather',
    '      long for so narrow a',
    '      terminal',
  ]);
});

test('a word that is longer than the line stays whole: it may be a path to copy', () => {
  expect(table([['x', 'see /a/very/long/path/that/nobody/wants/to/see/broken']], { width: 30 })).toEqual([
    'x  see',
    '   /a/very/long/path/that/nobody/wants/to/see/broken',
  ]);
});

test('colour codes take no room', () => {
  const { red } = pc.createColors(true);
  expect(
    table([
      [red('a'), 'x'],
      ['bb', 'y'],
    ]),
  ).toEqual([`${red('a')}   x`, 'bb  y']);
});

test('without rows there are no lines', () => {
  expect(table([])).toEqual([]);
});
