/** Holds: all claims or none, once per id, within every limit. */
import assert from 'node:assert/strict';
import type { Claim } from '@gatewright/core';
import { bill, budget, days, granted, HELD, hold, limit, refused, standing, TOTAL, START } from './claims.ts';
import type { WithState } from './stage.ts';

export function reserveTests(withState: WithState): void {
  allOrNone(withState);
  once(withState);
  refusals(withState);
  extending(withState);
  amounts(withState);
}

function allOrNone(withState: WithState): void {
  withState('all claims of a hold are taken, or none', async ({ state }) => {
    const [a, b, c] = [budget('a'), budget('b', { limit: 5n }), budget('c')];
    assert.equal((await refused(state.reserve(hold('h1', a, b, c)))).refused.scope, 'b');
    const grants = await granted(state.reserve(hold('h2', a, c)));
    assert.deepEqual(
      grants.map(({ balance }) => [balance.spent, balance.reserved, balance.limit]),
      [
        [0n, 10n, 100n],
        [0n, 10n, 100n],
      ],
    );
    assert.deepEqual(await standing(state, a, c), [
      [0n, 10n],
      [0n, 10n],
    ]);
  });

  withState('scope, unit and window each make a counter of its own', async ({ state }) => {
    const claims: Claim[] = [
      budget('a', { amount: 1n }),
      budget('b', { amount: 2n }),
      budget('a', { unit: 'tokens', amount: 3n }),
      budget('a', { window: { kind: 'total', name: 'other' }, amount: 4n }),
      budget('a', { window: days(START), amount: 5n }),
      limit('a', { unit: 'nanos', amount: 6n }),
      limit('a', { unit: 'nanos', window: HELD, amount: 7n }),
    ];
    await granted(state.reserve(hold('h1', ...claims)));
    assert.deepEqual(
      await standing(state, ...claims),
      [1n, 2n, 3n, 4n, 5n, 6n, 7n].map((amount) => [0n, amount]),
    );
  });

  withState('a scope may be any text', async ({ state }) => {
    const scopes = ['key:a', 'key:a ', 'käse:ß', 'tag:{x}', 'a\tb', 'tag:a|b', "o'brien", '*'];
    await granted(state.reserve(hold('h1', ...scopes.map((scope, index) => budget(scope, { amount: BigInt(index) })))));
    const standings = await standing(state, ...scopes.map((scope) => budget(scope)));
    assert.deepEqual(
      standings,
      scopes.map((_scope, index) => [0n, BigInt(index)]),
    );
  });
}

function once(withState: WithState): void {
  withState('a hold is taken once per id', async ({ state }) => {
    const claim = budget('a');
    const first = await granted(state.reserve(hold('h1', claim)));
    const second = await granted(state.reserve(hold('h1', claim)));
    assert.deepEqual(
      second.map(({ period }) => period),
      first.map(({ period }) => period),
    );
    assert.deepEqual(await standing(state, claim), [[0n, 10n]]);
  });

  withState('a hold that was settled cannot be taken once more', async ({ state }) => {
    const claim = budget('a');
    const grants = await granted(state.reserve(hold('h1', claim)));
    await state.settle('h1', bill([claim], grants, 4n));
    await assert.rejects(state.reserve(hold('h1', claim)), { code: 'GW_PLUGIN_CONTRACT' });
    assert.deepEqual(await standing(state, claim), [[4n, 0n]]);
  });
}

function refusals(withState: WithState): void {
  withState('a refusal says which claim, how its counter stands, and when it could fit', async ({ state }) => {
    const day = budget('a', { window: days(START), amount: 60n });
    const total = budget('b', { window: TOTAL, amount: 60n });
    const grants = await granted(state.reserve(hold('h1', day, total)));
    await state.settle('h1', bill([day, total], grants, 50n, 20n));
    const refusal = await refused(state.reserve(hold('h2', total, day)));
    assert.deepEqual(
      [refusal.refused.scope, refusal.balance?.spent, refusal.balance?.reserved, refusal.balance?.limit],
      ['a', 50n, 0n, 100n],
    );
    assert.equal(refusal.balance?.resetsAt, START + 86_400_000);
    assert.equal(refusal.retryAfter, 86_400_000);
    const never = await refused(state.reserve(hold('h3', budget('b', { amount: 81n }))));
    assert.equal(never.retryAfter, undefined, 'all of time does not pass');
    const large = await refused(state.reserve(hold('h4', { ...day, amount: 101n })));
    assert.equal(large.retryAfter, undefined, 'it is larger than the limit');
  });

  withState('exactly the limit fits, and not one more', async ({ state }) => {
    await granted(state.reserve(hold('h1', budget('a', { amount: 100n }))));
    await granted(state.reserve(hold('h2', budget('a', { amount: 0n }))));
    await refused(state.reserve(hold('h3', budget('a', { amount: 1n }))));
  });

  withState('a claim without a limit is only counted', async ({ state }) => {
    const { limit: _limit, ...counted } = budget('a', { amount: 1000n });
    const [grant] = await granted(state.reserve(hold('h1', counted)));
    assert.deepEqual([grant?.balance.reserved, grant?.balance.limit], [1000n, undefined]);
  });

  withState('a limit is that of the claim: it may rise and fall between holds', async ({ state }) => {
    await granted(state.reserve(hold('h1', budget('a', { amount: 90n }))));
    await refused(state.reserve(hold('h2', budget('a', { limit: 99n }))));
    await granted(state.reserve(hold('h3', budget('a', { limit: 100n }))));
    await refused(state.reserve(hold('h4', budget('a', { limit: 50n }))));
  });

  withState('a claim for less than nothing is refused', async ({ state }) => {
    await assert.rejects(state.reserve(hold('h1', budget('a', { amount: -1n }))), { code: 'GW_PLUGIN_CONTRACT' });
  });
}

function extending(withState: WithState): void {
  withState('a hold grows to one amount per claim, all or none', async ({ state }) => {
    const claims = [budget('a'), budget('b', { limit: 20n })];
    const grants = await granted(state.reserve(hold('h1', ...claims)));
    const more = await granted(state.extend('h1', [50n, 15n]));
    assert.deepEqual(
      more.map(({ balance }) => balance.reserved),
      [50n, 15n],
    );
    const refusal = await refused(state.extend('h1', [51n, 21n]));
    assert.deepEqual([refusal.refused.scope, refusal.balance?.reserved], ['b', 15n]);
    assert.deepEqual(await standing(state, ...claims), [
      [0n, 50n],
      [0n, 15n],
    ]);
    await state.settle('h1', bill(claims, grants, 45n, 12n));
    assert.deepEqual(await standing(state, ...claims), [
      [45n, 0n],
      [12n, 0n],
    ]);
  });

  withState('growing twice is growing once, and no hold shrinks', async ({ state }) => {
    const claims = [budget('a'), limit('b', { unit: 'tokens', amount: 4n }), budget('c', { limit: 40n })];
    const grants = await granted(state.reserve(hold('h1', ...claims)));
    const held = [60n, 9n, 30n];
    for (let tries = 0; tries < 3; tries++) {
      const more = await granted(state.extend('h1', held));
      assert.deepEqual(
        more.map(({ balance }) => balance.reserved),
        held,
      );
    }
    await granted(state.extend('h1', [10n, 9n, 30n]));
    assert.deepEqual(
      await standing(state, ...claims),
      held.map((amount) => [0n, amount]),
    );
    await refused(state.extend('h1', [100n, 9n, 41n]));
    await granted(state.extend('h1', [100n, 10n, 40n]));
    await state.settle('h1', bill(claims, grants, 1n, 2n, 3n));
    assert.deepEqual(await standing(state, ...claims), [
      [1n, 0n],
      [2n, 0n],
      [3n, 0n],
    ]);
  });

  withState('a hold that is taken again after it grew is as large as it grew', async ({ state }) => {
    const claim = budget('a');
    await granted(state.reserve(hold('h1', claim)));
    await granted(state.extend('h1', [35n]));
    await granted(state.reserve(hold('h1', claim)));
    assert.deepEqual(await standing(state, claim), [[0n, 35n]]);
  });

  withState('a hold that is not there cannot grow', async ({ state }) => {
    await assert.rejects(state.extend('none', [1n]), { code: 'GW_STATE_UNAVAILABLE' });
    const grants = await granted(state.reserve(hold('h1', budget('a'))));
    await state.settle('h1', bill([budget('a')], grants, 1n));
    await assert.rejects(state.extend('h1', [1n]), { code: 'GW_STATE_UNAVAILABLE' });
    assert.deepEqual(await standing(state, budget('a')), [[1n, 0n]]);
  });
}

function amounts(withState: WithState): void {
  withState('amounts are exact far beyond 1e15', async ({ state }) => {
    const most = 4_000_000_000_000_000_003n;
    const claim = budget('a', { amount: 3_000_000_000_000_000_001n, limit: most });
    const grants = await granted(state.reserve(hold('h1', claim)));
    assert.equal(grants[0]?.balance.reserved, 3_000_000_000_000_000_001n);
    await state.settle('h1', bill([claim], grants, 2_999_999_999_999_999_999n));
    assert.deepEqual(await standing(state, claim), [[2_999_999_999_999_999_999n, 0n]]);
    await refused(state.reserve(hold('h2', { ...claim, amount: 1_000_000_000_000_000_005n })));
    await granted(state.reserve(hold('h3', { ...claim, amount: 1_000_000_000_000_000_004n })));
    await refused(state.reserve(hold('h4', { ...claim, amount: 1n })));
    const round = budget('b', { amount: 1_000_000_000_000_000n, limit: 1_000_000_000_000_000n });
    await granted(state.reserve(hold('h5', round)));
    assert.deepEqual(await standing(state, round), [[0n, 1_000_000_000_000_000n]]);
    await refused(state.reserve(hold('h6', { ...round, amount: 1n })));
  });
}
