/** Tests of taking a source file apart. */
import { expect, test } from 'vitest';
import { at, parse } from './source.ts';

const IMPORTS = `/** What it is for. */
import one, { two as deux } from 'one';
import type { three } from 'three';
import { type four } from 'four';
export { five } from 'five';
export type * from 'six';
type Seven = import('seven').Seven;
await import('eight');
import 'nine';
`;

test('imports are found in every form, with what is left of them when the types are gone', () => {
  const found = parse({ path: 'a.ts', text: IMPORTS }).imports;
  expect(found.map(({ from, typeOnly, names }) => [from, typeOnly, names])).toEqual([
    ['one', false, ['two']],
    ['three', true, ['three']],
    ['four', false, ['four']],
    ['five', false, ['five']],
    ['six', true, []],
    ['seven', true, []],
    ['eight', false, []],
    ['nine', false, []],
  ]);
});

test('a finding has the line of its offset', () => {
  const file = { path: 'a.ts', text: 'one\ntwo\nthree' };
  expect(at(file, file.text.indexOf('three'), 'x')).toEqual({ path: 'a.ts', line: 3, message: 'x' });
});

test('a file that is no program is named', () => {
  expect(() => parse({ path: 'core/src/a.ts', text: 'const = 1;' })).toThrow('core/src/a.ts does not parse');
});
