/** Many at once: no limit is passed by one, and nothing that fits is refused. */
import assert from 'node:assert/strict';
import type { Claim } from '@gatewright/core';
import { bill, budget, days, granted, hold, limit, standing, START } from './claims.ts';
import type { WithState } from './stage.ts';

export function contentionTests(withState: WithState): void {
  withState('500 at once never pass a budget by one, and use all of it', async ({ state, owner }) => {
    const states = [state, (await owner()).state, (await owner()).state];
    const claims: readonly Claim[] = [
      budget('key', { amount: 7n, limit: 1000n }),
      budget('team', { amount: 7n, limit: 100_000n }),
      budget('global', { window: days(START), amount: 7n, limit: 100_000n }),
      limit('key', { amount: 1n, limit: 400n }),
    ];
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_one, index) => (states[index % 3] ?? state).reserve(hold(`h${index}`, ...claims))),
    );
    assert.equal(answers.filter(({ ok }) => ok).length, Math.floor(1000 / 7));
    for (const answer of answers) {
      const balance = answer.ok ? answer.grants[0]?.balance : answer.balance;
      assert.ok((balance?.spent ?? 0n) + (balance?.reserved ?? 0n) <= 1000n);
    }
    assert.deepEqual(await standing(state, ...claims), [
      [0n, 994n],
      [0n, 994n],
      [0n, 994n],
      [0n, 142n],
    ]);
  });

  withState('what was held in vain can be used again: no phantom spend', async ({ state, owner }) => {
    const states = [state, (await owner()).state];
    const claim = budget('key', { amount: 50n, limit: 100n });
    let spent = 0n;
    for (let round = 0; round < 20 && spent < 95n; round++) {
      await Promise.all(
        states.map(async (one, index) => {
          const answer = await one.reserve(hold(`h${round}-${index}`, claim));
          if (!answer.ok) return;
          await one.settle(`h${round}-${index}`, bill([claim], answer.grants, 5n));
          spent += 5n;
        }),
      );
    }
    assert.deepEqual(await standing(state, claim), [[spent, 0n]]);
    assert.ok(spent >= 50n, `only ${spent} could be spent`);
    await granted(state.reserve(hold('rest', budget('key', { amount: 100n - spent, limit: 100n }))));
  });
}
