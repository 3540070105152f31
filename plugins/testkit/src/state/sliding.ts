/**
 * Sliding windows: two buckets as long as the window, of which the older counts for the part that is still covered,
 * `⌈previous × w ÷ 1,000,000⌉` with `w = ⌈(length − elapsed) × 1,000,000 ÷ length⌉`.
 */
import assert from 'node:assert/strict';
import { bill, granted, hold, limit, refused, standing, START } from './claims.ts';
import type { WithState } from './stage.ts';

const MINUTE = 60_000;

export function slidingTests(withState: WithState): void {
  fading(withState);
  holding(withState);
}

function fading(withState: WithState): void {
  withState('what was used fades evenly after one length, and is gone after two', async ({ state, setTime }) => {
    const claim = limit('a', { amount: 10n });
    const grants = await granted(state.reserve(hold('h1', claim)));
    await state.settle('h1', bill([claim], grants, 10n));
    for (const [time, spent] of [
      [0, 10n],
      [MINUTE - 1, 10n],
      [MINUTE, 10n],
      [1.25 * MINUTE, 8n],
      [1.5 * MINUTE, 5n],
      [1.9 * MINUTE, 1n],
      [2 * MINUTE - 1, 1n],
      [2 * MINUTE, 0n],
    ] as const) {
      await setTime(START + time);
      assert.deepEqual(await standing(state, claim), [[spent, 0n]], `after ${time} ms`);
    }
  });

  withState('the wait that a refusal tells is enough, and one millisecond less is not', async ({ state, setTime }) => {
    const claim = limit('a', { amount: 1n });
    const all = limit('a', { amount: 10n });
    const grants = await granted(state.reserve(hold('h1', all)));
    await state.settle('h1', bill([all], grants, 10n));
    await setTime(START + 30_000);
    const refusal = await refused(state.reserve(hold('h2', claim)));
    assert.equal(refusal.retryAfter, 36_000);
    assert.equal(refusal.balance?.resetsAt, START + 2 * MINUTE);
    await setTime(START + 65_999);
    assert.equal((await refused(state.reserve(hold('h3', claim)))).retryAfter, 1);
    await setTime(START + 66_000);
    await granted(state.reserve(hold('h4', claim)));
    const large = await refused(state.reserve(hold('h5', limit('a', { amount: 10n }))));
    await setTime(START + 66_000 + (large.retryAfter ?? 0) - 1);
    await refused(state.reserve(hold('h6', limit('a', { amount: 10n }))));
    assert.equal((await refused(state.reserve(hold('h7', limit('a', { amount: 11n }))))).retryAfter, undefined);
  });

  withState('no window of the length lets more than twice the limit through', async ({ state, setTime }) => {
    let taken = 0;
    for (let time = 0; time < 3 * MINUTE; time += 1500) {
      await setTime(START + time);
      const answer = await state.reserve(hold(`h${time}`, limit('a')));
      if (!answer.ok) continue;
      taken++;
      await state.settle(`h${time}`, bill([limit('a')], answer.grants, 1n));
    }
    assert.ok(taken >= 20 && taken <= 31, `${taken} in three minutes of ten each`);
  });
}

function holding(withState: WithState): void {
  withState('a hold counts, and settles, in the bucket where it was taken', async ({ state, setTime }) => {
    const claim = limit('a', { unit: 'tokens', amount: 8n });
    const grants = await granted(state.reserve(hold('h1', claim)));
    await setTime(START + 1.5 * MINUTE);
    assert.deepEqual(await standing(state, claim), [[0n, 4n]]);
    await granted(state.reserve(hold('h2', limit('a', { unit: 'tokens', amount: 6n }))));
    await state.settle('h1', bill([claim], grants, 4n));
    assert.deepEqual(await standing(state, claim), [[2n, 6n]]);
  });

  withState('a hold longer than two lengths settles into what nobody counts any more', async ({ state, setTime }) => {
    const claim = limit('a', { unit: 'tokens', amount: 8n });
    const grants = await granted(state.reserve(hold('h1', claim)));
    await setTime(START + 3 * MINUTE);
    assert.deepEqual(await standing(state, claim), [[0n, 0n]]);
    await granted(state.extend('h1', [10n]));
    await granted(state.reserve(hold('h2', limit('a', { unit: 'tokens', amount: 10n }))));
    await state.settle('h1', bill([claim], grants, 9n));
    assert.deepEqual(await standing(state, claim), [[0n, 10n]]);
  });
}
