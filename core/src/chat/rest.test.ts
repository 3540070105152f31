/** What only a dialect knows is found again in that dialect, and in no other. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { omit } from '../json/members.ts';
import { keeperOf, nested, restFields, restore } from './rest.ts';

const acme = keeperOf('acme-chat', 'acme-embed');
const other = keeperOf('other-chat');

test('an object is what it was, whatever was in it', () => {
  const key = fc.constantFrom('a', 'b', 'c', '$null', '$extra', '$x');
  const value = fc.oneof(fc.integer(), fc.constant(null), fc.string());
  fc.assert(
    fc.property(fc.dictionary(key, value), (object) => {
      const known = object['a'] === undefined || object['a'] === null ? {} : { a: object['a'] };
      const { rest } = acme.withRest(object, omit(object, 'a'));
      expect(restore(known, rest?.fields)).toEqual({ ...object });
    }),
  );
});

describe('restore', () => {
  test('what is known wins, and is not changed', () => {
    const known = { a: 1, b: 2 };
    expect(restore(known, { a: 9, c: 3, $absent: ['b'], $note: 1 })).toEqual({ a: 1, c: 3 });
    expect(known).toEqual({ a: 1, b: 2 });
    expect(restore(known, undefined)).toBe(known);
  });

  test('extra fields of the codec and of the client stand together', () => {
    expect(restFields({}, { $own: 1, d: undefined }, { $extra: { e: 2 } })).toEqual({ $extra: { e: 2, $own: 1 } });
  });
});

describe('a keeper', () => {
  test('makes no rest of nothing', () => {
    expect([acme.restFrom({}), acme.restFrom({ a: undefined }), acme.withRest({}, {})]).toEqual([
      undefined,
      undefined,
      {},
    ]);
    expect(acme.besides({ a: 1 }, ['a'])).toEqual({});
    expect(acme.besides({ a: 1 }, ['a'], { $hint: undefined })).toEqual({});
  });

  test('keeps what stands beside the known members, and hints', () => {
    expect(acme.besides({ a: 1, b: 2, c: null }, ['a'], { $hint: 'x' })).toEqual({
      rest: { dialect: 'acme-chat', fields: { b: 2, $null: ['c'], $hint: 'x' } },
    });
  });

  test('reads the rests of its own dialects only', () => {
    const { rest } = acme.withRest({}, { a: 1 });
    expect([acme.hint(rest, 'a'), other.hint(rest, 'a'), acme.hint(undefined, 'a')]).toEqual([1, undefined, undefined]);
    expect(acme.hint({ dialect: 'acme-embed', fields: { a: 2 } }, 'a')).toBe(2);
  });
});

describe('an object inside of a body', () => {
  const place = (object: Record<string, unknown>) => ({ dialect: 'acme-chat', fields: nested('box', object, ['k']) });

  test.each([[{}], [{ k: 1 }], [{ k: 1, u: 2 }], [{ u: null, v: 3 }]])('%j is what it was', (object) => {
    const known = 'k' in object ? { k: object.k } : {};
    expect(acme.restoreNested('box', known, place(object))).toEqual(object);
  });

  test('that was not there is not made up', () => {
    expect(acme.restoreNested('box', {}, undefined)).toBeUndefined();
    expect(acme.restoreNested('box', { k: 1 }, undefined)).toEqual({ k: 1 });
    expect(other.restoreNested('box', {}, place({ u: 2 }))).toBeUndefined();
  });
});
