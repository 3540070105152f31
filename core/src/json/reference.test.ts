import { describe, expect, test } from 'vitest';
import { outlineOf } from './outline.ts';

const mayRefer = (value: unknown): boolean => outlineOf(Buffer.from(JSON.stringify({ value }))).mayRefer;
const written = (string: string): boolean => outlineOf(Buffer.from(`{"a":[{"b":"${string}"}],"c":1}`)).mayRefer;

describe('what may name something that is elsewhere', () => {
  test.each([
    ['an address of the web', { url: 'https://example.com/cat.png' }],
    ['one without encryption, in capitals', { url: 'HTTP://example.com/cat.png' }],
    ['one behind spaces', { url: ' \n https://example.com/cat.png' }],
    [
      'one behind more space than is looked at',
      { url: `${' '.repeat(31)}\b${' '.repeat(300)}https://example.com/cat.png` },
    ],
    ['one behind spaces of every kind', { url: '\b\f\v\t https://example.com/cat.png' }],
    ['an address in a store', ['s3://bucket/cat.png']],
    ['one in another store', ['gs://bucket/cat.png']],
    ['an address of a file', ['file:///cat.png']],
    ['the id of a file', { file_id: 'abc' }],
    ['the kind of a part', { type: 'file' }],
    ['a file by its address', { fileUri: 'elsewhere' }],
  ])('%s', (_what, value) => expect(mayRefer(value)).toBe(true));

  test.each([
    '\\u0068ttps://a',
    'h\\u0074tps://a',
    'htt\\u0070s://a',
    'fi\\u006ce_id',
    'file\\u005fid',
    ' \\u0067s://a',
  ])('%s, which is written with an escape', (string) => expect(written(string)).toBe(true));

  test.each([
    ['a link in a text', 'Look at https://example.com/ and http://example.com/.'],
    ['a text of other letters', '猫はどこにいますか'],
    ['a text with line ends', '\n\n\tHere: https://example.com/'],
    ['data', { url: 'data:image/png;base64,iVBORw0KGgo=' }],
    ['paths of tools', { properties: { file_path: { type: 'string' }, fileName: 1, filename: 2, filePath: 3 } }],
    ['words that begin like it', ['hth', 'figure', 's3', 'gs', 'h', 'f', '']],
    ['no string', [1, null, true, {}]],
  ])('not %s', (_what, value) => expect(mayRefer(value)).toBe(false));

  test('not other escapes, and not what only begins at the end of the body', () => {
    expect(written('\\u732b \\"http\\"')).toBe(false);
    expect(outlineOf(Buffer.from('{"h":"f"}')).mayRefer).toBe(false);
  });
});
