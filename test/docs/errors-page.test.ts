/** Tests of the page of error codes: how it is written, and that the one in the repository is up to date. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from '@gatewright/core';
import { expect, test } from 'vitest';
import { ROOT } from '../house/tree.ts';
import { errorsPage } from './errors-page.ts';

test('each code is a row with its status, and whether another try can help', () => {
  const page = errorsPage({
    GW_ONE: { status: 400, retryable: false, meaning: 'First.' },
    GW_TWELVE: { status: 503, retryable: true, meaning: 'Second.' },
  });
  expect(page.split('\n').slice(-5)).toEqual([
    '| code        | status | again | meaning |',
    '| ----------- | ------ | ----- | ------- |',
    '| `GW_ONE`    | 400    | no    | First. |',
    '| `GW_TWELVE` | 503    | yes   | Second. |',
    '',
  ]);
});

test('core/docs/errors.md says what the table of codes says', () => {
  const page = readFileSync(join(ROOT, 'core/docs/errors.md'), 'utf8');
  expect(page, 'run `npm run docs`').toBe(errorsPage(ERROR_CODES));
});
