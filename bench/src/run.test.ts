/** Tests that the harness says what it cannot do, and that its tables can be read. */
import { expect, test, vi } from 'vitest';
import { putLoad } from './load.ts';
import { formatSection, type Section } from './report.ts';
import type { Settings } from './lab.ts';
import { runAll } from './run.ts';
import { startUpstream } from './upstream.ts';

const TINY: Settings = { rounds: 1, seconds: 1, connections: 1, streams: 1, requests: 3, warmUp: 0 };

test('says which names there are, when it is asked for another', async () => {
  const run = runAll({ settings: TINY, only: ['speed'], onSection: () => undefined });
  await expect(run).rejects.toThrow('There is no "speed"; there are boot, isolated,');
});

test('runs: the gateways boot, give the bytes of the upstream, and are measured', { timeout: 60_000 }, async () => {
  // The processes run from the sources, as this test does.
  vi.stubEnv('NODE_OPTIONS', '--conditions=gatewright-source');
  const sections: Section[] = [];
  const report = await runAll({ settings: TINY, only: ['latency'], onSection: (one) => sections.push(one) });
  vi.unstubAllEnvs();
  expect(report.failed).toEqual([]);
  expect(report.sections).toEqual(sections);
  expect(sections).toHaveLength(2);
  for (const { what, value } of sections[0]?.rows.slice(0, 4) ?? []) {
    expect(value.low, what).toBeGreaterThan(0);
    expect(value.low, what).toBeLessThanOrEqual(value.high);
  }
});

test('fails a load that is not answered with success', async () => {
  const { server, port } = await startUpstream();
  const load = {
    url: `http://127.0.0.1:${port}/nothing`,
    headers: {},
    body: Buffer.from('{}'),
    connections: 1,
    seconds: 1,
  };
  await expect(putLoad(load)).rejects.toThrow(/failed [1-9]/);
  server.close();
});

test('formats a section as a table with its verdicts', () => {
  const value = { median: 1234.5, low: 1000, high: 2000 };
  const ratio = { median: 0.456, low: 0.4, high: 0.5 };
  const text = formatSection({
    title: 'Requests',
    about: 'What it is.',
    ratioTo: 'bare',
    rows: [{ what: 'gateway', unit: 'req/s', value, ratio }],
    verdicts: [{ aim: 'at least 0.5', found: '0.46', met: false }],
  });
  expect(text).toContain('gateway   1,235  req/s  1,000 – 2,000    0.46  0.40 – 0.50');
  expect(text).toContain('MISSED: at least 0.5; found 0.46');
});
