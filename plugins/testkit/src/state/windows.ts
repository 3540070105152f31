/** Periods, and what is only counted while it is held. */
import assert from 'node:assert/strict';
import type { ClaimWindow } from '@gatewright/core';
import { bill, budget, days, granted, HELD, hold, limit, refused, standing, START } from './claims.ts';
import type { WithState } from './stage.ts';

const DAY = 86_400_000;

export function windowTests(withState: WithState): void {
  withState("the state's clock chooses the period", async ({ state, setTime }) => {
    const claim = budget('a', { window: days(START), amount: 100n });
    const [today] = await granted(state.reserve(hold('h1', claim)));
    assert.deepEqual([today?.period, today?.balance.resetsAt], ['2100-01-01', START + DAY]);
    await setTime(START + DAY - 1);
    await refused(state.reserve(hold('h2', claim)));
    await setTime(START + DAY);
    const [tomorrow] = await granted(state.reserve(hold('h3', claim)));
    assert.deepEqual([tomorrow?.period, tomorrow?.balance.resetsAt], ['2100-01-02', START + 2 * DAY]);
    assert.deepEqual([tomorrow?.balance.spent, tomorrow?.balance.reserved], [0n, 100n]);
  });

  withState('a hold that spans the edge settles into its own period', async ({ state, setTime }) => {
    const claim = budget('a', { window: days(START), amount: 60n });
    await setTime(START + DAY - 1);
    const grants = await granted(state.reserve(hold('h1', claim)));
    await setTime(START + DAY + 1);
    assert.deepEqual(await standing(state, claim), [[0n, 0n]]);
    await granted(state.reserve(hold('h2', claim)));
    assert.equal((await state.settle('h1', bill([claim], grants, 55n))).duplicate, false);
    assert.deepEqual(await standing(state, claim), [[0n, 60n]]);
    await granted(state.reserve(hold('h3', budget('a', { window: days(START), amount: 40n }))));
  });

  withState('a hold that spans the edge grows in its own period', async ({ state, setTime }) => {
    const claim = budget('a', { window: days(START), amount: 60n });
    const grants = await granted(state.reserve(hold('h1', claim)));
    await setTime(START + DAY + 1);
    await granted(state.extend('h1', [100n]));
    await refused(state.extend('h1', [101n]));
    assert.deepEqual(await standing(state, claim), [[0n, 0n]]);
    await state.settle('h1', bill([claim], grants, 100n));
    assert.deepEqual(await standing(state, claim), [[0n, 0n]]);
  });

  withState('periods may have any length: a day of 23 hours, a leap day, a month', async ({ state, setTime }) => {
    const edges = [START, START + 23 * 3_600_000, START + 48 * 3_600_000, START + 40 * DAY];
    const periods = edges.slice(0, -1).map((start, index) => ({ id: `p${index}`, start, end: edges[index + 1] ?? 0 }));
    const window: ClaimWindow = { kind: 'periods', name: 'odd', periods };
    for (const { id, start, end } of periods) {
      await setTime(start);
      const [grant] = await granted(state.reserve(hold(`h-${id}`, budget('a', { window, amount: 100n }))));
      assert.deepEqual([grant?.period, grant?.balance.resetsAt], [id, end]);
      await setTime(end - 1);
      assert.equal((await refused(state.reserve(hold(`r-${id}`, budget('a', { window }))))).retryAfter, 1);
    }
  });

  withState('a clock that stands in none of the periods is an error, not a free pass', async ({ state, setTime }) => {
    const claim = budget('a', { window: days(START) });
    await setTime(START + 10 * DAY);
    await assert.rejects(state.reserve(hold('h1', claim)), { code: 'GW_STATE_UNAVAILABLE' });
  });

  withState('a held window goes back to nothing, whatever the bill says', async ({ state }) => {
    const claim = limit('a', { window: HELD, unit: 'concurrent', limit: 2n });
    const grants = await granted(state.reserve(hold('h1', claim)));
    await granted(state.reserve(hold('h2', claim)));
    const refusal = await refused(state.reserve(hold('h3', claim)));
    assert.deepEqual([refusal.balance?.reserved, refusal.retryAfter], [2n, undefined]);
    await state.settle('h1', bill([claim], grants, 1n));
    assert.deepEqual(await standing(state, claim), [[0n, 1n]]);
    await granted(state.reserve(hold('h4', claim)));
  });

  withState('a limit that nobody has asked for is zero or not known, and asking changes nothing', async ({ state }) => {
    const [before] = await standing(state, limit('a'));
    assert.ok(before === undefined || (before[0] === 0n && before[1] === 0n));
    await granted(state.reserve(hold('h1', limit('a'))));
    assert.deepEqual(await standing(state, limit('a')), [[0n, 1n]]);
  });
}
