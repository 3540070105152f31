/** A usage row comes back from its JSON as it went in. */
import { expect, test } from 'vitest';
import type { UsageRow } from './store.ts';
import { usageRowFromJson } from './usage-json.ts';
import { usageRowToJson } from './usage-text.ts';

const ROW: UsageRow = {
  id: 'gw-1-1',
  type: 'final',
  exchange: 'gw-1',
  time: 1,
  operation: 'chat',
  model: 'smart',
  provider: 'simulated',
  upstreamModel: 'smart-1',
  key: 'k',
  result: 'success',
  status: 200,
  stream: false,
  usageComplete: true,
  nanos: 9_007_199_254_740_993n,
  duration: 12.5,
  tags: ['a'],
  postings: [
    {
      scope: 'team:core',
      unit: 'nanos',
      window: 'periods',
      name: '1d',
      period: '2026-11-22',
      kind: 'budget',
      held: 10n ** 18n,
      actual: -1n,
    },
  ],
};

test('a row survives, with amounts beyond what a double holds', () => {
  expect(usageRowFromJson(usageRowToJson(ROW))).toEqual(ROW);
  expect(usageRowToJson(ROW)).not.toContain('\n');
});

test('a row without a price stays without one', () => {
  const { nanos: _nanos, ...unpriced } = ROW;
  expect(usageRowFromJson(usageRowToJson(unpriced))).toEqual(unpriced);
});

test('what most rows do not have comes back too', () => {
  const { nanos: _nanos, ...unpriced } = ROW;
  const counts = { input: 1, cacheRead: 2, cacheWrite5m: 3, cacheWrite1h: 4, output: 5, reasoning: 6 };
  const full: UsageRow = {
    ...unpriced,
    surface: 'acme-chat',
    user: 'u',
    team: 't',
    organisation: 'o',
    endUser: 'a "quoted" \n name',
    usage: { ...counts, audioInput: 7, audioOutput: 8, imageInput: 9, imageOutput: 10, units: { seconds: 1.5 } },
    price: 'acme-1 (1/2 USD)',
    timeToFirstToken: 1.25,
    upstreamId: 'up-1',
    kept: true,
    late: false,
    error: { code: 'GW_UPSTREAM_CUT', message: 'cut' },
  };
  expect(usageRowFromJson(usageRowToJson(full))).toEqual(full);
});

test('a row that was written as an object is read', () => {
  const [posting] = ROW.postings;
  const written = {
    ...ROW,
    nanos: '9007199254740993',
    postings: [{ ...posting, held: '1000000000000000000', actual: '-1' }],
  };
  expect(usageRowFromJson(JSON.stringify(written))).toEqual(ROW);
});

test.each(['', '{', '{"id":"x"}', '[]', '["x"]', 'null', '{"postings":[{"held":"1.5","actual":"1"}]}'])(
  '%j is refused',
  (text) => {
    expect(() => usageRowFromJson(text)).toThrow(/JSON|BigInt|undefined|iterable|null/);
  },
);
