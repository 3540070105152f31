/** Tests that the page of the results holds what it shows, and nothing from elsewhere. */
import { expect, test } from 'vitest';
import { describeEnvironment } from '../environment.ts';
import { withReport, type Results } from '../outcome.ts';
import { row, type Report } from '../report.ts';
import { atLeast } from '../target.ts';
import { pageOf } from './page.ts';

const REPORT: Report = {
  environment: describeEnvironment(),
  settings: { rounds: 2 },
  sections: [
    {
      title: 'Requests <small>',
      about: 'What & how.',
      ratioTo: 'bare',
      rows: [row('the </script> gateway', 'req/s', [10, 20], [20, 40])],
      targets: [atLeast('share of the passthrough', 0.5, 0.6)],
    },
  ],
  failed: ['memory: it is gone.'],
};

test('shows figures, spreads, targets and what failed, and asks nobody for anything', async () => {
  const page = await pageOf(withReport({ targets: [], reports: {} }, 'bench', REPORT));
  expect(page).toContain('Requests &lt;small&gt;');
  expect(page).toContain('0.50 – 0.50');
  expect(page).toContain('✗ not met');
  expect(page).toContain('0 of 1 met');
  expect(page).toContain('Could not be measured: memory: it is gone.');
  expect(page).toContain('<dt>node</dt>');
  expect(page).toContain('uPlot');
  expect(page).not.toMatch(/(?:src|href)="(?!#)/);
  const data = /<script type="application\/json" id="results">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
  expect(JSON.parse(data)).toEqual({ bench: JSON.parse(JSON.stringify(REPORT)) as unknown });
});

test('has a place for what was not found, which JSON keeps as null', async () => {
  const [section] = REPORT.sections;
  const rows = [row('nothing', 'ms', [Number.NaN], [1])];
  const report = { ...REPORT, sections: [{ ...section, rows }] };
  const results = JSON.parse(JSON.stringify({ targets: [], reports: { bench: report } })) as Results;
  await expect(pageOf(results)).resolves.toContain('– – –');
});

test('is a page before anything was measured', async () => {
  await expect(pageOf({ targets: [], reports: {} })).resolves.toContain('0 of 0 met');
});
