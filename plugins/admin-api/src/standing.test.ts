/** How budgets stand: by the state where it knows, else by the store's sums, and never as zero where more was spent. */
import { GatewayError, type Balance, type Clock, type Rollup, type State, type Store } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { Standings } from './standing.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const clock: Clock = { now: () => NOON, monotonic: () => 0, after: () => () => undefined };
const DAILY = { scope: 'key:a', terms: { limit: '1000000000', window: '1d' } };

const sum = (period: string, spent: bigint): Rollup => ({
  scope: 'key:a',
  unit: 'nanos',
  window: 'periods',
  name: '1d',
  period,
  spent,
});
const storeWith = (...sums: Rollup[]): Store => ({ rollups: () => Promise.resolve(sums) }) as unknown as Store;
const stateWith = (balance: Balance | undefined): State =>
  ({ balances: () => Promise.resolve([balance]) }) as unknown as State;
const failing = (code: 'GW_STATE_UNAVAILABLE' | 'GW_INTERNAL'): State =>
  ({ balances: () => Promise.reject(new GatewayError(code, 'away')) }) as unknown as State;

test('the state says what is spent and reserved, apart; what remains may be less than nothing', async () => {
  const state = stateWith({ spent: 900_000_000n, reserved: 250_000_001n });
  const [own] = await new Standings(storeWith(), state, clock).of([DAILY]);
  expect(own).toMatchObject({ limit: '1.00', spent: '0.90', reserved: '0.250000001', remaining: '-0.150000001' });
  expect(own?.resets_at).toBe('2026-11-23T00:00:00.000Z');
});

describe('where the state does not say, the sums of the current period do', () => {
  const store = storeWith(sum('2026-11-21', 7n), sum('2026-11-22', 1_250_000_000n));

  test.each([
    ['there is none', undefined],
    ['it does not know the budget', stateWith(undefined)],
    ['it is out of reach', failing('GW_STATE_UNAVAILABLE')],
  ])('%s', async (_what, state) => {
    const [own] = await new Standings(store, state, clock).of([DAILY]);
    expect(own).toMatchObject({ spent: '1.25', reserved: null, remaining: '-0.25' });
  });

  test('but what is broken is said', async () => {
    await expect(new Standings(store, failing('GW_INTERNAL'), clock).of([DAILY])).rejects.toThrow('away');
  });
});
