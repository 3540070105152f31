/** A usage row comes back from its JSON as it went in. */
import { expect, test } from 'vitest';
import type { UsageRow } from './store.ts';
import { usageRowFromJson, usageRowToJson } from './usage-json.ts';

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

test.each(['', '{', '{"id":"x"}', '{"postings":[{"held":"1.5","actual":"1"}]}'])('%j is refused', (text) => {
  expect(() => usageRowFromJson(text)).toThrow(/JSON|BigInt|undefined/);
});
