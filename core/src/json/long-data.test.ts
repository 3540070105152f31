/** Long data stays where it stands, and nobody who reads it can tell. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { LongData } from './long-data.ts';
import { outlineOf } from './outline.ts';

interface Body {
  readonly parts: readonly { readonly data?: string; readonly text?: string }[];
}

const image = randomBytes(60_000).toString('base64');
const url = `data:image/png;base64,${image}`;
const body = { model: 'a', parts: [{ data: url }, { text: 'look' }, { data: image.slice(0, -3) }] };
const bytes = Buffer.from(JSON.stringify(body));
const long = (value: unknown): LongData | undefined => outlineOf(Buffer.from(JSON.stringify(value))).longData;
const found = (): LongData => outlineOf(bytes).longData as LongData;

/** What a codec makes of it: the bare data, apart from what stands before it. */
const decode = (json: object): Body => {
  const { parts } = json as Body;
  return { parts: parts.map(({ data, ...rest }) => (data === undefined ? rest : { data: data.replace(/^.*,/, '') })) };
};

describe('what is long data', () => {
  test.each<[string, unknown]>([
    ['text', { text: 'a word or two, '.repeat(10_000) }],
    ['data that is not long', { data: image.slice(0, 60_000) }],
    ['what JSON escapes', { data: `${image.slice(0, 70_000)}"${image}` }],
    ['what is not ASCII', { data: `${image.slice(0, 70_000)}ö${image}` }],
    ['JSON in a string', { arguments: JSON.stringify({ a: image }) }],
    ['what only ends like data', { data: `a.b.${image}` }],
    ['what only begins like data', { data: `${image}. That was it.` }],
  ])('not %s', (_what, value) => expect(long(value)).toBeUndefined());

  test('base64 of both kinds, behind the head of a URL or not, wherever it stands', () => {
    for (const data of [image, url, Buffer.from(image, 'base64').toString('base64url')]) {
      expect(long({ a: [{ b: data }] })?.marked().length).toBeLessThan(300);
    }
  });
});

describe('decoded', () => {
  test('data is there for whoever reads it', () => {
    const value = found().decoded(decode) as Body;
    expect(value).toEqual(decode(body));
    expect(JSON.parse(JSON.stringify(value))).toEqual(decode(body));
    expect(structuredClone({ ...value.parts[0] })).toEqual({ data: image });
  });

  test('data with something before it that the codec put there', () => {
    const value = found().decoded((json) => ({
      all: (json as unknown as Body).parts.map(({ data }) => `<${data}>`).join(),
    }));
    expect(value?.all).toBe(body.parts.map(({ data }) => `<${data}>`).join());
  });

  test('undefined where a codec has to see the data itself', () => {
    const size = (json: object): number[] =>
      (json as Body).parts.map(({ data }) => Buffer.from(data ?? '', 'base64').length);
    expect(found().decoded(size)).toBeUndefined();
    expect(found().decoded(() => ({}))).toBeUndefined();
    const refuse = (): never => {
      throw new Error('No.');
    };
    expect(found().decoded(refuse)).toBeUndefined();
    expect(found().decoded((json) => Object.freeze((json as unknown as Body).parts[0]))).toBeUndefined();
  });
});

describe('written', () => {
  test('the data goes out as the bytes that came, once for each time that it is written', () => {
    const data = found();
    const value = data.decoded(decode) as Body;
    const pieces = data.written(() => JSON.stringify({ again: value, ...value })) as Buffer[];
    expect(Buffer.concat(pieces).toString()).toBe(JSON.stringify({ again: decode(body), ...decode(body) }));
    const shared = pieces.filter((piece) => piece.buffer === (data.marked([]), pieces[1]?.buffer));
    expect(shared.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(4 * 79_000);
    // Read in between, it is still what it was.
    expect(value.parts[0]?.data).toBe(image);
  });

  test('a body with edits', () => {
    const outline = outlineOf(bytes);
    const { start, end } = outline.member('model') as { start: number; end: number };
    const marked = outline.longData?.marked([{ start, end, text: '"other"' }]) as Buffer;
    const pieces = outline.longData?.written(() => marked.toString()) as Buffer[];
    expect(JSON.parse(Buffer.concat(pieces).toString())).toEqual({ ...body, model: 'other' });
    expect(pieces[1]?.buffer).toBe(bytes.buffer);
  });

  test('undefined where some of it is left out, or was read for what it says', () => {
    const data = found();
    const value = data.decoded(decode) as Body;
    expect(data.written(() => JSON.stringify(value.parts.slice(0, 2)))).toBeUndefined();
    const text = (): string =>
      JSON.stringify(value.parts.map((part) => Buffer.from(part.data ?? '', 'base64').toString('hex')));
    expect(data.written(text)).toBeUndefined();
    expect(text()).toContain(Buffer.from(image, 'base64').toString('hex'));
  });

  test('a failure in between leaves the data readable', () => {
    const data = found();
    const value = data.decoded(decode) as Body;
    const fail = (): never => {
      throw new Error('No.');
    };
    expect(() => data.written(fail)).toThrow('No.');
    expect(value.parts[0]?.data).toBe(image);
  });
});
