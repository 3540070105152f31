/** Tests of the rules of error codes, first on planted files, then on the repository. */
import { ERROR_CODES } from '@gatewright/core';
import { expect, test } from 'vitest';
import { unknownCodes, unusedCodes } from './codes.ts';
import { lines } from './finding.ts';
import { readTree } from './tree.ts';

const CODES = ['GW_ONE', 'GW_TWO'];
const used = { path: 'core/src/edge.ts', text: "throw new GatewayError('GW_ONE', 'x'); raise('GW_TWO');" };

test.each([
  ['core/src/edge.ts', "raise('GW_THREE');"],
  ['plugins/x/src/index.ts', "raise('GW_THREE');"],
  ['README.md', 'See `GW_THREE`.'],
])('a code in %s that the table lacks is found', (path, text) => {
  expect(unknownCodes([{ path, text }], CODES)).toHaveLength(1);
});

test('a code that is part of another is not taken for it', () => {
  expect(lines(unknownCodes([{ path: 'README.md', text: 'a\nGW_ONE_MORE GW_ONE' }], CODES))).toEqual([
    'README.md:2 names GW_ONE_MORE: add it to ERROR_CODES in core/src/errors.ts, or mend the name.',
  ]);
});

test('a code that nothing raises is found; a comment, a test and the table itself do not raise', () => {
  const files = [
    { path: 'core/src/errors.ts', text: 'export const ERROR_CODES = { GW_ONE: 1, GW_TWO: 2 };' },
    { path: 'core/src/edge.ts', text: "// GW_ONE\nraise('GW_TWO');" },
    { path: 'core/src/edge.test.ts', text: "raise('GW_ONE');" },
  ];
  expect(lines(unusedCodes(files, CODES, {}))).toEqual([
    'core/src/errors.ts:1 has GW_ONE, which nothing raises: raise it or take it out.',
  ]);
  expect(unusedCodes([used], CODES, {})).toEqual([]);
});

test('a code may wait for its plugin, but not for ever', () => {
  expect(unusedCodes([], ['GW_ONE'], { GW_ONE: 'x' })).toEqual([]);
  expect(unusedCodes([used], CODES, { GW_ONE: 'x' })).toHaveLength(1);
  expect(unusedCodes([used], CODES, { GW_GONE: 'x' })).toHaveLength(1);
});

test('code and documents name only codes of the table', () => {
  expect(lines(unknownCodes(readTree(), Object.keys(ERROR_CODES)))).toEqual([]);
});

test('every code is raised somewhere', () => {
  expect(lines(unusedCodes(readTree(), Object.keys(ERROR_CODES)))).toEqual([]);
});
