/** Heads of parts as clients write them, and those that are refused. */
import { describe, expect, test } from 'vitest';
import { readPartHead } from './part-head.ts';

const read = (...lines: string[]) => readPartHead(Buffer.from(lines.join('\r\n')));

describe('a head', () => {
  test.each([
    ['form-data; name="model"', { name: 'model', isFile: false }],
    ['form-data;name=model', { name: 'model', isFile: false }],
    ['FORM-DATA; NAME="model" ; x=y', { name: 'model', isFile: false }],
    ['form-data; name="image[]"; filename="a.png"', { name: 'image[]', isFile: true, filename: 'a.png' }],
    ['form-data; name="file"; filename=""', { name: 'file', isFile: true, filename: '' }],
    ['form-data; name="file"; filename="naïve – ü.wav"', { name: 'file', isFile: true, filename: 'naïve – ü.wav' }],
    ['form-data; name="file"; filename="a\\"b\\\\c.wav"', { name: 'file', isFile: true, filename: 'a"b\\c.wav' }],
    ['form-data; name="file"; filename="a%22b%0D%0A.wav"', { name: 'file', isFile: true, filename: 'a%22b%0D%0A.wav' }],
    ['form-data; name="file"; filename="C:\\temp\\a.wav"', { name: 'file', isFile: true, filename: 'C:\\temp\\a.wav' }],
    ['form-data; name="file"; filename="a; name=b.wav"', { name: 'file', isFile: true, filename: 'a; name=b.wav' }],
    [
      'form-data; name="file"; filename="x"; filename*=UTF-8\'\'na%C3%AFve.wav',
      { name: 'file', isFile: true, filename: 'naïve.wav' },
    ],
    [
      'form-data; name="file"; filename="x.wav"; filename*=UTF-8\'\'%FF%',
      { name: 'file', isFile: true, filename: 'x.wav' },
    ],
  ])('%s', (disposition, expected) => {
    expect(read(`Content-Disposition: ${disposition}`)).toEqual(expected);
  });

  test('has a content type, which makes a part without a file name a file', () => {
    expect(read('content-disposition: form-data; name="a"; filename="a.wav"', 'content-type:  audio/wav ')).toEqual({
      name: 'a',
      isFile: true,
      filename: 'a.wav',
      contentType: 'audio/wav',
    });
    const typed = (type: string) => read('Content-Disposition: form-data; name="a"', `Content-Type: ${type}`).isFile;
    expect(['audio/wav', 'application/octet-stream'].map(typed)).toEqual([true, true]);
    expect(['text/plain; charset=utf-8', 'application/json'].map(typed)).toEqual([false, false]);
  });

  test('may have headers that mean nothing in a form', () => {
    const head = read(
      'Content-Disposition: form-data; name="a"',
      'Content-Length: 3',
      'Content-Transfer-Encoding: BINARY',
    );
    expect(head).toEqual({ name: 'a', isFile: false });
  });
});

describe('refused is', () => {
  const good = 'Content-Disposition: form-data; name="a"';
  test.each([
    ['no disposition', ['Content-Type: text/plain'], /no "Content-Disposition: form-data"/],
    ['another disposition', ['Content-Disposition: attachment; name="a"'], /no "Content-Disposition: form-data"/],
    ['no name', ['Content-Disposition: form-data; filename="a.wav"'], /has no name/],
    ['an empty name', ['Content-Disposition: form-data; name=""'], /has no name/],
    ['two names', ['Content-Disposition: form-data; name="a"; name="model"'], /"name" twice/],
    ['two file names', [`${good}; filename="a"; FileName="b"`], /"filename" twice/],
    ['two dispositions', [good, 'content-disposition: form-data; name="model"'], /two headers/],
    ['an open quote', ['Content-Disposition: form-data; name="a'], /cannot be read/],
    ['a text behind a quote', [`${good}b; x=y`], /cannot be read/],
    ['a line without a colon', [good, 'hello'], /not a header/],
    ['a folded line', [good, ' folded: yes'], /not a header/],
    ['a lone line end', [`${good}\nContent-Type: audio/wav`], /not a header/],
    ['a lone carriage return', [`${good}; x="\r"`], /not a header/],
    ['base64', [good, 'Content-Transfer-Encoding: base64'], /encoded as "base64"/],
  ])('%s', (_what, lines, message) => {
    expect(() => read(...lines)).toThrow(message);
  });
});
