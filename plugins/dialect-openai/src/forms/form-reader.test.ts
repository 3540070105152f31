/** Fields of forms: texts that stand for something, files, and what nobody asked for. */
import { describe, expect, test } from 'vitest';
import { thrown } from '../wire.test.kit.ts';
import { FormReader } from './form-reader.ts';

const file = { $file: 1, size: 3 };

describe('a form', () => {
  test('has texts, numbers, booleans and files under names with and without brackets', () => {
    const reader = new FormReader({
      a: 'x',
      n: '2',
      t: 'TRUE',
      f: '0',
      i: file,
      'l[]': ['1', '2'],
      l: '0',
      'm[]': [file],
    });
    expect([reader.text('a'), reader.number('n'), reader.integer('n', 1)]).toEqual(['x', 2, 2]);
    expect([reader.boolean('t'), reader.boolean('f'), reader.boolean('none')]).toEqual([true, false, undefined]);
    expect([reader.file('i'), reader.file('none'), reader.files('m'), reader.files('none')]).toEqual([
      file,
      undefined,
      [file],
      [],
    ]);
    expect([reader.texts('l'), reader.texts('none')]).toEqual([['0', '1', '2'], undefined]);
    expect(reader.unknown()).toEqual({});
  });

  test('may be JSON, where numbers and booleans are what they are', () => {
    const reader = new FormReader({ n: 2, t: false, nothing: null, more: { a: 1 } });
    expect([reader.number('n'), reader.boolean('t'), reader.text('nothing')]).toEqual([2, false, undefined]);
    expect(reader.unknown()).toEqual({ more: { a: 1 } });
  });

  test.each([
    ['a file for a text', (reader: FormReader) => reader.text('file'), 'not a file'],
    ['a list for a text', (reader: FormReader) => reader.text('list'), 'more than once'],
    ['an object for a text', (reader: FormReader) => reader.text('object'), 'must be a text'],
    ['nothing for a text', (reader: FormReader) => reader.requiredText('none'), 'is missing'],
    ['nothing for a number', (reader: FormReader) => reader.number('empty'), 'must be a number'],
    ['a word for a number', (reader: FormReader) => reader.number('word'), 'must be a number'],
    ['too little', (reader: FormReader) => reader.integer('one', 2), 'at least 2'],
    ['a word for a boolean', (reader: FormReader) => reader.boolean('word'), '"true" or "false"'],
    ['a text for a file', (reader: FormReader) => reader.requiredFile('word'), 'filename'],
    ['nothing for a file', (reader: FormReader) => reader.requiredFile('none'), 'is missing'],
    ['a text among files', (reader: FormReader) => reader.files('mixed'), 'must be a file'],
    ['a file among texts', (reader: FormReader) => reader.texts('mixed'), 'must be texts'],
  ])('%s is refused', (_what, read, message) => {
    const reader = new FormReader({
      file,
      list: ['a', 'b'],
      object: {},
      empty: '',
      word: 'x',
      one: '1',
      mixed: ['x', file],
    });
    expect(thrown(() => read(reader)).message).toContain(message);
  });
});
