/** Beta names are joined in order, each once. */
import { expect, test } from 'vitest';
import { mergeBetas } from './betas.ts';

test.each([
  ['nothing', [], [undefined], undefined],
  ['configured alone', ['a', 'b'], [undefined], 'a,b'],
  ["the client's alone", [], ['a, b'], 'a,b'],
  ['the same name twice', ['a'], ['b,a', 'b'], 'a,b'],
  ['empty items', [], [' ,a,,', ''], 'a'],
  ['only empty items', [], [' , '], undefined],
])('%s', (_what, configured, lists, expected) => {
  expect(mergeBetas(configured, ...lists)).toBe(expected);
});
