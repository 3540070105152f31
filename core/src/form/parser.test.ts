/** The parser of forms, fed whole and byte by byte, with what real clients send and what must be refused. */
import { describe, expect, test } from 'vitest';
import { MultipartParser, type PartListener } from './parser.ts';
import type { PartHead } from './part-head.ts';

interface Part extends PartHead {
  text: string;
  ended: boolean;
}

function parse(bytes: Buffer, boundary: string, size = bytes.length): Part[] {
  const parts: Part[] = [];
  const listener: PartListener = {
    part: (head) => void parts.push({ ...head, text: '', ended: false }),
    bytes(piece) {
      const part = parts.at(-1) as Part;
      part.text += piece.toString('latin1');
    },
    partEnd: () => void ((parts.at(-1) as Part).ended = true),
  };
  const parser = new MultipartParser(boundary, listener);
  for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size));
  parser.end();
  return parts;
}

const field = (name: string, value: string): string => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
const form = (...parts: string[]): Buffer =>
  Buffer.from(`${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`, 'latin1');

describe.each([
  ['whole', undefined],
  ['byte by byte', 1],
  ['in sevens', 7],
] as const)('a form that comes %s', (_how, size) => {
  const texts = (bytes: Buffer, boundary = 'b'): [string, string, boolean][] =>
    parse(bytes, boundary, size).map(({ name, text, ended }) => [name, text, ended]);

  test('has its parts in their order', () => {
    expect(texts(form(field('model', 'whisper-1'), field('a', ''), field('b', 'x')))).toEqual([
      ['model', 'whisper-1', true],
      ['a', '', true],
      ['b', 'x', true],
    ]);
  });

  test.each([
    ['line ends', '\r\n\r\n'],
    ['what begins like a boundary', '\r\n-\r\n--\r\n--a\r\n-b\r'],
    ['a boundary that is not at the beginning of a line', 'x--b--b\n--b'],
    ['line ends before the end', 'x\r\n\r\n'],
    ['every byte', Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('')],
  ])('keeps %s', (_what, value) => {
    expect(texts(form(field('f', value)))).toEqual([['f', value, true]]);
  });

  test('may have text before and behind it, and spaces behind its boundaries', () => {
    const text = `This is text.\r\n--b \t\r\n${field('f', 'x')}\r\n--b--  \r\nThis too: --b\r\n`;
    expect(texts(Buffer.from(text))).toEqual([['f', 'x', true]]);
  });

  test('may be empty', () => {
    expect(texts(Buffer.from('--b--'))).toEqual([]);
    expect(texts(Buffer.from('--b--\r\n'))).toEqual([]);
  });

  test('may have a boundary of many signs', () => {
    const boundary = "0'()+_,-./:=?aZ".repeat(4);
    expect(texts(Buffer.from(`--${boundary}\r\n${field('f', 'x')}\r\n--${boundary}--`), boundary)).toEqual([
      ['f', 'x', true],
    ]);
  });

  test.each([
    ['no boundary at all', 'hello', /ends before its last boundary/],
    ['nothing in it', '', /ends before its last boundary/],
    ['no last boundary', `--b\r\n${field('f', 'x')}\r\n--b\r\n`, /ends before its last boundary/],
    ['a cut in the head', '--b\r\nContent-Disp', /ends before its last boundary/],
    ['more behind a boundary', `--bc\r\n${field('f', 'x')}\r\n--b--`, /something else than a line end/],
    ['a dash behind a boundary', `--b\r\n${field('f', 'x')}\r\n--b-x`, /something else than a line end/],
    ['an endless line behind a boundary', `--b${' '.repeat(600)}\r\n`, /something else than a line end/],
    ['an endless head', `--b\r\nX-A: ${'a'.repeat(9000)}`, /longer than 8192 bytes/],
    ['a head that is too long', `--b\r\nX-A: ${'a'.repeat(9000)}\r\n\r\nx\r\n--b--`, /longer than 8192 bytes/],
    ['no headers', '--b\r\n\r\n\r\nx\r\n--b--', /./],
  ])('with %s is refused', (_what, text, message) => {
    expect(() => texts(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'GW_BAD_REQUEST', message: expect.stringMatching(message) as string }) as Error,
    );
  });
});

test('a part ends only where its boundary does, wherever the pieces are cut', () => {
  const content = '\r\n--\r\n\r\n--a\r--b\n--b\r\n-';
  const bytes = form(field('f', content), field('g', 'x'));
  for (let size = 1; size <= bytes.length; size++) {
    expect(
      parse(bytes, 'b', size).map(({ text }) => text),
      `pieces of ${size}`,
    ).toEqual([content, 'x']);
  }
});

test('what a listener throws ends the parsing', () => {
  const listener: PartListener = {
    part: () => {
      throw new Error('enough');
    },
    bytes: () => undefined,
    partEnd: () => undefined,
  };
  expect(() => new MultipartParser('b', listener).push(form(field('f', 'x')))).toThrow('enough');
});
