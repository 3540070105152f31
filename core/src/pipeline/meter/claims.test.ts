/** Claims on one counter are held once; what was used is posted, also where a claim cannot tell. */
import { expect, test } from 'vitest';
import type { AttemptOutcome } from '../../attempt.ts';
import type { Exchange } from '../../exchange.ts';
import { silentLogger } from '../../logger.ts';
import type { Claim } from '../../state.ts';
import { mergeClaims, postings, unused } from './claims.ts';

const claim = (over: Partial<Claim> = {}): Claim => ({
  scope: 'team:core',
  unit: 'nanos',
  kind: 'budget',
  window: { kind: 'total', name: 'total' },
  amount: 5n,
  limit: 100n,
  ...over,
});
const OUTCOME: AttemptOutcome = { result: 'success', status: 200, usageComplete: true, duration: 1 };
const GRANT = { period: 'p', balance: { spent: 0n, reserved: 0n } };

test('two claims on one counter become one, for the larger amount within the lower limit', () => {
  const merged = mergeClaims([claim({ amount: 9n }), claim({ limit: 50n }), claim({ scope: 'key:a' })]);
  expect(merged).toEqual([claim({ amount: 9n, limit: 50n }), claim({ scope: 'key:a' })]);
});

test('a claim without a limit does not loosen the other', () => {
  const { limit: _limit, ...open } = claim({ amount: 7n });
  expect(mergeClaims([claim(), open])).toEqual([claim({ amount: 7n })]);
  expect(mergeClaims([open, claim()])).toEqual([claim({ amount: 7n })]);
});

test('both meters of one counter see how it stands', () => {
  const seen: string[] = [];
  const [merged] = mergeClaims([claim({ seen: () => seen.push('a') }), claim({ seen: () => seen.push('b') })]);
  merged?.seen?.(GRANT.balance, {} as Exchange);
  expect(seen).toEqual(['a', 'b']);
});

test('of two that may grow, or of one that may, the counter is asked for the larger amount', () => {
  const grows = claim({ amount: 2n, amountFor: (output) => BigInt(output) });
  const [both] = mergeClaims([grows, claim({ amountFor: (output) => BigInt(output * 2) })]);
  expect([both?.amount, both?.amountFor?.(30)]).toEqual([5n, 60n]);
  const [one] = mergeClaims([grows, claim({ amount: 40n, whenShort: 'stop', limit: 50n })]);
  expect([one?.amount, one?.amountFor?.(30), one?.amountFor?.(70), one?.whenShort]).toEqual([40n, 40n, 70n, 'stop']);
});

test('windows of different kinds or names are different counters', () => {
  const other = claim({ window: { kind: 'sliding', name: 'total', length: 1 } });
  expect(mergeClaims([claim(), other])).toHaveLength(2);
});

test('what is posted is what was used, else what was held, and nothing for what is only held', () => {
  const claims = [
    claim({ actual: () => 3n }),
    claim({ scope: 'a' }),
    claim({ scope: 'b', window: { kind: 'held', name: 'held' } }),
    claim({
      scope: 'c',
      actual: () => {
        throw new Error('cannot tell');
      },
    }),
  ];
  const reserved = { claims, grants: claims.map(() => GRANT) };
  expect(postings(reserved, OUTCOME, silentLogger).map((one) => one.actual)).toEqual([3n, 5n, 0n, 5n]);
  expect(unused(reserved).every((one) => one.actual === 0n && one.held === 5n)).toBe(true);
});
