/** Tests that the parts of the results stay apart, and what counts as met. */
import { expect, test } from 'vitest';
import { describeEnvironment } from './environment.ts';
import { withReport, type Results } from './outcome.ts';
import type { Report } from './report.ts';
import { atLeast, atMost, type Target } from './target.ts';

const EMPTY: Results = { targets: [], reports: {} };

function report(...targets: Target[]): Report {
  return {
    environment: describeEnvironment(),
    settings: {},
    sections: [{ title: 'It', about: '', rows: [], targets }],
    failed: [],
  };
}

test('a report takes the place of the one before of the same command, and leaves the others', () => {
  const fast = atLeast('fast', 0.7, 0.6);
  const small = atMost('small', 40, 20, 'kB');
  const both = withReport(withReport(EMPTY, 'scale', report(small)), 'bench', report(fast));
  expect(both.targets).toEqual([fast, small]);
  const slow = atLeast('fast', 0.5, 0.6);
  expect(withReport(both, 'bench', report(slow)).targets).toEqual([slow, small]);
});

test('a target is met at its bound, and not beyond', () => {
  expect(atLeast('a', 0.6, 0.6)).toEqual({ name: 'a', value: 0.6, target: '≥ 0.6', met: true });
  expect(atLeast('a', 0.59, 0.6).met).toBe(false);
  expect(atMost('b', 30, 30, 'ms')).toEqual({ name: 'b', value: 30, target: '≤ 30 ms', met: true });
  expect(atMost('b', Number.NaN, 30).met).toBe(false);
});
