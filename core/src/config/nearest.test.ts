/** Near matches. */
import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test.each([
  ['limts', ['limits', 'listen'], 'limits'],
  ['modle', ['model', 'provider'], 'model'],
  ['APIKEY', ['apiKey'], 'apiKey'],
  ['tls', ['host', 'port'], undefined],
  ['ab', ['cd'], undefined],
  ['x', [], undefined],
])('%s among %j is %s', (word, candidates, found) => {
  expect(nearest(word, candidates)).toBe(found);
});
