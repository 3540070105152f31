import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { isGatewayError } from '../errors.ts';
import { outlineOf } from './outline.ts';

const outline = (text: string, depth?: number) => outlineOf(Buffer.from(text), depth);

function failure(text: string, depth?: number): { code: string; message: string } {
  try {
    outline(text, depth);
  } catch (error) {
    if (isGatewayError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('outlineOf', () => {
  test('finds every member with the offsets of its value', () => {
    const text = ' {"model" : "gpt", "n":-1.5e3,\n"tools":[{"a":{}},[]], "stream":true, "x":null}\n';
    const found = outline(text).members.map((member) => [member.key, text.slice(member.start, member.end)]);
    expect(found).toEqual([
      ['model', '"gpt"'],
      ['n', '-1.5e3'],
      ['tools', '[{"a":{}},[]]'],
      ['stream', 'true'],
      ['x', 'null'],
    ]);
  });

  test('counts bytes, not characters', () => {
    const text = '{"é😀":"ü","model":"m"}';
    const member = outline(text).member('model');
    expect(Buffer.from(text).toString('utf8', member?.start, member?.end)).toBe('"m"');
  });

  test('reads short values as JSON.parse does', () => {
    for (const value of [
      '"gpt"',
      '""',
      '"a\\"b"',
      '"\\u0061"',
      '"é😀"',
      '256',
      '-0.5',
      'true',
      'null',
      '[]',
      `"${'x'.repeat(40)}"`,
    ])
      expect(outline(`{"a":${value}}`).value('a')).toEqual(JSON.parse(value));
  });

  test('agrees with JSON.parse on generated objects, however they are written', () => {
    const values = fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(values, fc.constantFrom(0, 1, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const expected = JSON.parse(text) as Record<string, unknown>;
        if (text.includes('__proto__')) return;
        const read = outline(text);
        expect(Object.fromEntries(read.members.map((member) => [member.key, read.value(member.key)]))).toEqual(
          expected,
        );
      }),
    );
  });

  test('refuses what JSON.parse refuses outside of strings', () => {
    const alphabet = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-',
      '01',
      'true',
      'nul',
      '.5',
      ' ',
      '""',
    );
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 12 }), (pieces) => {
        const text = `{"k":${pieces.join('')}}`;
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        let accepted = true;
        try {
          outline(text);
        } catch {
          accepted = false;
        }
        const duplicate = parses && text.split('"a":').length > 2;
        if (!duplicate) expect(accepted).toBe(parses);
      }),
      { numRuns: 3000 },
    );
  });

  test('says where the JSON breaks', () => {
    expect(failure('{"a":1,}')).toEqual({
      code: 'GW_INVALID_JSON',
      message: 'The body is not valid JSON: expected a key in double quotes at byte 7.',
    });
    expect(failure('').message).toBe('The body is not valid JSON: the body is empty at byte 0.');
    expect(failure('{"a":"never ends').message).toContain('a string that never ends');
    expect(failure(`{"a":"${'x'.repeat(100)}\\"`).message).toContain('a string that never ends');
  });

  test('refuses a body that is no object', () => {
    expect(failure('[1]')).toEqual({ code: 'GW_BAD_REQUEST', message: 'The request body must be a JSON object.' });
  });

  test('refuses duplicate keys at the top, also where one is escaped', () => {
    expect(failure('{"model":"a","model":"b"}').message).toBe('The key "model" stands twice.');
    expect(failure('{"model":"a","\\u006dodel":"b"}').message).toBe('The key "model" stands twice.');
  });

  test('refuses __proto__ at every level, also escaped', () => {
    for (const text of ['{"__proto__":{}}', '{"a":[{"__proto__":1}]}', '{"a":{"\\u005f_proto__":1}}']) {
      expect(failure(text).message).toBe('The key "__proto__" is not allowed in a request body.');
    }
    expect(outline('{"a":"__proto__"}').value('a')).toBe('__proto__');
  });

  test('refuses nesting over the limit without overflowing the stack', () => {
    expect(failure(`{"a":${'['.repeat(300)}`, 256).message).toBe('The request body nests deeper than 256 levels.');
    expect(failure(`{"a":${'['.repeat(5_000_000)}`, 10_000_000).code).toBe('GW_INVALID_JSON');
    expect(outline(`{"a":${'['.repeat(254)}${']'.repeat(254)}}`, 256).members).toHaveLength(1);
  });

  test('finds the end of long strings with quotes and backslashes in them', () => {
    const value = `${'x'.repeat(70)}\\"${'y\\\\'.repeat(50)}`;
    const text = `{"a":"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}","b":2}`;
    expect(outline(text).value('b')).toBe(2);
    expect(outline(text).value('a')).toBe(value);
  });
});
