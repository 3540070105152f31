/** Tests of filling in the path of a surface. */
import { describe, expect, test } from 'vitest';
import type { Surface } from '../../dialect.ts';
import { placeOf } from './place.ts';

const at = (path: string, ...given: string[]): string =>
  placeOf({ id: 'acme', dialect: 'acme-chat', method: 'POST', path } satisfies Surface, given, () => 'big/model x')
    .path;

test.each([
  ['/v1/chat', '/v1/chat'],
  ['/v1/models/:id', '/v1/models/big%2Fmodel%20x'],
  ['/v1/models/*model', '/v1/models/big/model%20x'],
  [String.raw`/v1/models/*model\:generate`, '/v1/models/big/model%20x:generate'],
])('%s becomes %s', (path, filled) => {
  expect(at(path)).toBe(filled);
});

test('other parameters are those that were given', () => {
  expect(at(String.raw`/p/:project/m/:model\:go`, 'project=a/b')).toBe('/p/a%2Fb/m/big%2Fmodel%20x:go');
  expect(at('/m/:model', 'model=mine')).toBe('/m/mine');
});

describe('what cannot be filled in is said', () => {
  test('a parameter that was not given', () => {
    expect(() => at(String.raw`/p/:project/m/:model\:go`)).toThrow(
      'The path of the surface "acme", /p/:project/m/:model:go, has a "project".',
    );
  });

  test('a parameter that is none', () => {
    expect(() => at('/v1', 'project')).toThrow('"project" is no parameter.');
  });
});
