/** Bills: what was really used takes the place of what was held, once. */
import assert from 'node:assert/strict';
import type { Posting } from '@gatewright/core';
import { bill, budget, days, granted, HELD, hold, limit, refused, standing, START } from './claims.ts';
import type { WithState } from './stage.ts';

const ADJUSTMENT: Omit<Posting, 'actual'> = {
  scope: 'a',
  unit: 'nanos',
  window: 'total',
  name: 'total',
  period: '',
  kind: 'budget',
  held: 0n,
};

export function settleTests(withState: WithState): void {
  holds(withState);
  postings(withState);
}

function holds(withState: WithState): void {
  withState('a settled hold gives back what it held, and spends what it used', async ({ state }) => {
    const claims = [budget('a', { amount: 50n }), limit('a'), limit('a', { window: HELD, unit: 'concurrent' })];
    const grants = await granted(state.reserve(hold('h1', ...claims)));
    const result = await state.settle('h1', bill(claims, grants, 30n, 1n, 0n));
    assert.deepEqual(result, { late: false, duplicate: false });
    assert.deepEqual(await standing(state, ...claims), [
      [30n, 0n],
      [1n, 0n],
      [0n, 0n],
    ]);
  });

  withState('settling twice changes nothing the second time', async ({ state, owner }) => {
    const claim = budget('a');
    const grants = await granted(state.reserve(hold('h1', claim)));
    await state.settle('h1', bill([claim], grants, 7n));
    assert.deepEqual(await state.settle('h1', bill([claim], grants, 7n)), { late: false, duplicate: true });
    const other = await owner();
    assert.deepEqual(await other.state.settle('h1', bill([claim], grants, 9n)), { late: false, duplicate: true });
    assert.deepEqual(await standing(state, claim), [[7n, 0n]]);
  });

  withState('more than was held is billed in full, and what remains may be less than nothing', async ({ state }) => {
    const claim = budget('a');
    const grants = await granted(state.reserve(hold('h1', claim)));
    await state.settle('h1', bill([claim], grants, 250n));
    assert.deepEqual(await standing(state, claim), [[250n, 0n]]);
    const refusal = await refused(state.reserve(hold('h2', budget('a', { amount: 0n }))));
    assert.deepEqual([refusal.balance?.spent, refusal.balance?.limit], [250n, 100n]);
  });

  withState('a bill that forgets a claim still gives back all that was held', async ({ state }) => {
    const claims = [budget('a'), budget('b'), limit('c', { window: HELD })];
    const grants = await granted(state.reserve(hold('h1', ...claims)));
    await state.settle('h1', bill(claims, grants, 3n).slice(0, 1));
    assert.deepEqual(await standing(state, ...claims), [
      [3n, 0n],
      [0n, 0n],
      [0n, 0n],
    ]);
  });
}

function postings(withState: WithState): void {
  withState('an id that was never held is a posting: an adjustment, a refund, once', async ({ state }) => {
    const claim = budget('a');
    const grants = await granted(state.reserve(hold('h1', claim)));
    await state.settle('h1', bill([claim], grants, 8n));
    assert.deepEqual(await state.settle('import', [{ ...ADJUSTMENT, actual: 50n }]), { late: true, duplicate: false });
    assert.deepEqual(await standing(state, claim), [[58n, 0n]]);
    await state.settle('refund', [{ ...ADJUSTMENT, actual: -60n }]);
    await state.settle('refund', [{ ...ADJUSTMENT, actual: -60n }]);
    assert.deepEqual(await standing(state, claim), [[-2n, 0n]]);
    await granted(state.reserve(hold('h2', budget('a', { amount: 102n }))));
  });

  withState('a posting to a period counts in that period alone', async ({ state, setTime }) => {
    const claim = budget('a', { window: days(START) });
    const grants = await granted(state.reserve(hold('h1', claim)));
    await state.settle('h1', bill([claim], grants, 8n));
    const posting: Posting = { ...ADJUSTMENT, window: 'periods', name: '1d', period: '2100-01-02', actual: 40n };
    await state.settle('tomorrow', [posting]);
    assert.deepEqual(await standing(state, claim), [[8n, 0n]]);
    await setTime(START + 86_400_000);
    const tomorrow = budget('a', { window: days(START + 86_400_000) });
    assert.deepEqual(await standing(state, tomorrow), [[40n, 0n]]);
    await refused(state.reserve(hold('h2', { ...tomorrow, amount: 61n })));
  });
}
