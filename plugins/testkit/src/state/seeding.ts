/** Budgets whose sums the store has: what was spent before the state began counts, and what cannot be read is not zero. */
import assert from 'node:assert/strict';
import { bill, budget, days, granted, HELD, hold, limit, refused, standing, START } from './claims.ts';
import { SumsStore } from './sums-store.ts';
import type { WithState } from './stage.ts';

export function seedTests(withState: WithState): void {
  const store = new SumsStore();
  const fresh = (): SumsStore => {
    store.reset();
    return store;
  };

  withState(
    'what the store has summed is spent, period by period',
    async ({ state, setTime }) => {
      store.add('a', 'total', 'total', '', 40n);
      store.add('a', 'periods', '1d', '2099-12-31', 99n);
      store.add('a', 'periods', '1d', '2100-01-01', 70n);
      store.add('b', 'total', 'total', '', 99n);
      const claims = [budget('a'), budget('a', { window: days(START) })];
      const grants = await granted(state.reserve(hold('h1', ...claims)));
      assert.deepEqual(
        grants.map(({ balance }) => balance.spent),
        [40n, 70n],
      );
      assert.equal((await refused(state.reserve(hold('h2', budget('b'))))).balance?.spent, 99n);
      await setTime(START + 86_400_000);
      assert.deepEqual(await standing(state, ...claims), [
        [40n, 10n],
        [0n, 0n],
      ]);
    },
    fresh,
  );

  withState(
    'sums are read once, also by many who ask at once, and not for limits',
    async ({ state }) => {
      store.add('a', 'total', 'total', '', 40n);
      await granted(state.reserve(hold('limit', limit('a'), limit('a', { window: HELD }))));
      assert.equal(store.reads, 0);
      const asked = Array.from({ length: 20 }, (_one, index) => state.reserve(hold(`h${index}`, budget('a'))));
      const answers = await Promise.all(asked);
      assert.equal(answers.filter(({ ok }) => ok).length, 6);
      assert.equal(store.reads, 1);
    },
    fresh,
  );

  withState(
    'a budget whose sums cannot be read is not known: 503, and nothing is taken',
    async ({ state }) => {
      store.add('a', 'total', 'total', '', 95n);
      store.broken = true;
      await assert.rejects(state.reserve(hold('h1', budget('a'), limit('b'))), {
        code: 'GW_STATE_UNAVAILABLE',
        status: 503,
      });
      store.broken = false;
      assert.equal((await refused(state.reserve(hold('h2', budget('a'), limit('b'))))).balance?.spent, 95n);
      await granted(state.reserve(hold('h3', limit('b', { amount: 10n }))));
    },
    fresh,
  );

  withState(
    'a posting to a budget that nobody has asked for is left to the sums',
    async ({ state }) => {
      store.add('a', 'total', 'total', '', 40n);
      const claim = budget('a');
      await state.settle('import', bill([claim], [], 30n));
      const [grant] = await granted(state.reserve(hold('h1', claim)));
      assert.equal(grant?.balance.spent, 40n);
      await state.settle('refund', bill([claim], [], -30n));
      assert.deepEqual(await standing(state, claim), [[10n, 10n]]);
    },
    fresh,
  );
}
