/** Tests that the gate finds a cost that somebody has planted. */
import { expect, test, vi } from 'vitest';
import { count } from './gate-count.ts';
import { ALLOWED, judge } from './gate.ts';

test(
  'fails for a request that allocates twice as much, and holds for the same again',
  { timeout: 240_000 },
  async () => {
    // The processes run from the sources, as this test does.
    vi.stubEnv('NODE_OPTIONS', '--conditions=gatewright-source');
    const options = { requests: 100, streams: 10 };
    const accepted = await count(options);
    const again = await count(options);
    // Ten bytes for each number, about, where they are kept as doubles; a growing list takes more.
    const planted = await count({ ...options, waste: Math.ceil((accepted.request * ALLOWED) / 8) });
    vi.unstubAllEnvs();
    const [request, ...others] = judge(planted, accepted);
    expect(request).toMatchObject({ held: false });
    expect(others.find(({ what }) => what.startsWith('modules'))).toMatchObject({ held: true });
    expect(judge(again, accepted)[0]).toMatchObject({ held: true });
    for (const value of Object.values(accepted)) expect(value).toBeGreaterThan(0);
  },
);

test('holds up to half as much again', () => {
  const accepted = { request: 100, event: 100, idleStream: 100, modules: 100 };
  const found = { request: 150, event: 151, idleStream: 50, modules: 100 };
  expect(judge(found, accepted).map(({ held }) => held)).toEqual([true, false, true, true]);
});
