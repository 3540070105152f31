/** Edits: only what must change does, byte for byte. */
import { describe, expect, test } from 'vitest';
import { applyEdits, outlineOf } from '@gatewright/core/wire';
import fc from 'fast-check';
import { editRequest, editResponse, readHead } from './edits.ts';

const outline = (text: string) => outlineOf(Buffer.from(text));

function edited(text: string, change: { model: string; usage: boolean }): [string, boolean] {
  const body = outline(text);
  const { edits, usageInjected } = editRequest(body, change);
  const bytes = applyEdits(body.bytes, edits);
  if (edits.length === 0) expect(bytes).toBe(body.bytes);
  return [bytes.toString(), usageInjected];
}

test('the head', () => {
  expect(readHead(outline('{"model":"m","stream":true}'))).toEqual({ model: 'm', stream: true });
  expect(readHead(outline('{"model":"m","stream":"yes"}'))).toEqual({ model: 'm', stream: false });
  expect(readHead(outline('{"model":7}'))).toEqual({ stream: false });
  expect(readHead(outline('{}'))).toEqual({ stream: false });
});

describe('the model', () => {
  test('that is right changes nothing', () => {
    const body = outline(' { "model" : "m" } ');
    expect(editRequest(body, { model: 'm', usage: true })).toEqual({ edits: [], usageInjected: false });
    expect(editResponse(body, { model: 'm' })).toEqual([]);
  });

  test('is replaced where it stands', () => {
    expect(edited('{ "é": "m", "model" :  "m" , "x": {"model":"m"}}', { model: 'a"b', usage: false })).toEqual([
      '{ "é": "m", "model" :  "a\\"b" , "x": {"model":"m"}}',
      false,
    ]);
  });

  test('that is missing is added', () => {
    expect(edited('{}', { model: 'm', usage: false })[0]).toBe('{"model":"m"}');
    expect(edited('{ "n":1}', { model: 'm', usage: false })[0]).toBe('{"model":"m", "n":1}');
  });
});

describe('usage', () => {
  const asked = (text: string) => edited(text, { model: 'm', usage: true });

  test('is asked for in a stream', () => {
    expect(asked('{"model":"m","stream":true}')).toEqual([
      '{"stream_options":{"include_usage":true},"model":"m","stream":true}',
      true,
    ]);
    expect(asked('{"model":"x","stream":true}')).toEqual([
      '{"stream_options":{"include_usage":true},"model":"m","stream":true}',
      true,
    ]);
  });

  test.each([
    ['null', '{"include_usage":true}', true],
    ['{}', '{"include_usage":true}', true],
    ['{"include_usage":false}', '{"include_usage":true}', true],
    ['{"include_obfuscation":false}', '{"include_obfuscation":false,"include_usage":true}', true],
    ['{"include_usage": true}', '{"include_usage": true}', false],
    ['"all"', '"all"', false],
  ])('beside stream_options %s', (before, after, injected) => {
    const text = (options: string) => `{"model":"m","stream":true,"stream_options":${options}}`;
    expect(asked(text(before))).toEqual([text(after), injected]);
  });

  test('is not asked for without a stream, nor where nobody wants it', () => {
    expect(asked('{"model":"m","stream":false}')).toEqual(['{"model":"m","stream":false}', false]);
    expect(edited('{"model":"m","stream":true}', { model: 'm', usage: false })).toEqual([
      '{"model":"m","stream":true}',
      false,
    ]);
  });
});

test('a reply reports another model; one without is left alone', () => {
  const change = (text: string) => {
    const body = outline(text);
    return applyEdits(body.bytes, editResponse(body, { model: 'b' })).toString();
  };
  expect(change('{"id":"x", "model": "a"}')).toBe('{"id":"x", "model": "b"}');
  expect(change('{"id":"x"}')).toBe('{"id":"x"}');
});

test('whatever stands beside them, the edits are those of parsing and writing anew', () => {
  const others = fc.dictionary(
    fc.string().filter((key) => !['model', 'stream', 'stream_options', '__proto__'].includes(key)),
    fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__')),
  );
  const body = fc.record(
    {
      model: fc.string(),
      stream: fc.boolean(),
      stream_options: fc.option(
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          fc.boolean(),
        ),
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(others, body, fc.nat(2), fc.string(), (some, own, indent, model) => {
      // Through JSON once, where there is no negative zero.
      const value = JSON.parse(JSON.stringify({ ...some, ...own })) as typeof own;
      const [text, injected] = edited(JSON.stringify(value, null, indent), { model, usage: true });
      const expected = { ...value, model };
      const wanted = own.stream === true && own.stream_options?.['include_usage'] !== true;
      expect(injected).toBe(wanted);
      expect(JSON.parse(text)).toEqual(
        wanted ? { ...expected, stream_options: { ...own.stream_options, include_usage: true } } : expected,
      );
    }),
  );
});
