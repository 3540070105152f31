/** Owners that die or stand still: what they held stays counted until somebody settles it. */
import assert from 'node:assert/strict';
import type { Orphan, Posting } from '@gatewright/core';
import { bill, budget, granted, HELD, hold, limit, refused, standing, START } from './claims.ts';
import type { WithState } from './stage.ts';

export function leaseTests(withState: WithState): void {
  dead(withState);
  paused(withState);
}

function dead(withState: WithState): void {
  withState(
    'the holds of a dead owner stay counted until they are settled, then reserved is nothing',
    async (stage) => {
      const { state, owner, setTime, lease, first } = stage;
      const other = await owner();
      const claims = [budget('a', { amount: 60n }), limit('a', { window: HELD, unit: 'concurrent' })];
      const grants = await granted(other.state.reserve(hold('dead', ...claims)));
      await granted(state.reserve(hold('alive', budget('a', { amount: 1n }))));
      await other.die();
      await setTime(START + lease - 1);
      assert.deepEqual(await state.orphans(10), []);
      await first.renew();
      await setTime(START + lease);
      const orphans = await state.orphans(10);
      assert.deepEqual(
        orphans.map(({ id, memo, expired }) => [id, memo, expired]),
        [['dead', '{"memo":"dead"}', START + lease]],
      );
      assert.deepEqual(orphans[0]?.postings, bill(claims, grants));
      await refused(state.reserve(hold('more', budget('a', { amount: 40n }))));
      assert.equal((await state.reclaim('dead', orphans[0]?.postings ?? [])).duplicate, false);
      assert.deepEqual(await standing(state, ...claims), [
        [0n, 1n],
        [0n, 0n],
      ]);
      assert.deepEqual(await state.orphans(10), []);
    },
  );

  withState(
    'orphans come no more than were asked for, until none is left',
    async ({ state, owner, setTime, lease, first }) => {
      const other = await owner();
      for (let index = 0; index < 5; index++) await granted(other.state.reserve(hold(`h${index}`, budget('a'))));
      await other.die();
      await setTime(START + lease);
      await first.renew();
      const seen = new Set<string>();
      for (let round = 0; round < 3; round++) {
        const orphans = await state.orphans(2);
        assert.ok(orphans.length <= 2);
        for (const { id, postings } of orphans) {
          seen.add(id);
          await state.reclaim(id, postings);
        }
      }
      assert.equal(seen.size, 5);
      assert.deepEqual(await standing(state, budget('a')), [[0n, 0n]]);
    },
  );

  withState('two who reclaim the same hold bill it once', async ({ state, owner, setTime, lease, first }) => {
    const [dead, second] = [await owner(), await owner()];
    await granted(dead.state.reserve(hold('h1', budget('a'))));
    await dead.die();
    await setTime(START + lease);
    await Promise.all([first.renew(), second.renew()]);
    const [mine, theirs] = await Promise.all([state.orphans(9), second.state.orphans(9)]);
    const bills = [mine, theirs].map(([orphan]) => used(orphan, 6n));
    const results = [await state.reclaim('h1', bills[0] ?? []), await second.state.reclaim('h1', bills[1] ?? [])];
    assert.deepEqual(
      results.map(({ duplicate }) => duplicate),
      [false, true],
    );
    assert.deepEqual(await standing(state, budget('a')), [[6n, 0n]]);
  });
}

function paused(withState: WithState): void {
  withState('an owner that stood still settles late, in full', async ({ state, setTime, lease }) => {
    const claim = budget('a');
    const grants = await granted(state.reserve(hold('h1', claim)));
    await setTime(START + 2 * lease);
    assert.deepEqual(await state.settle('h1', bill([claim], grants, 120n)), { late: true, duplicate: false });
    assert.deepEqual(await standing(state, claim), [[120n, 0n]]);
  });

  withState('its own bill takes the place of what was billed when it was thought dead, once', async (stage) => {
    const { state, owner, setTime, lease } = stage;
    const [second, third] = [await owner(), await owner()];
    const claims = [budget('a', { amount: 50n }), limit('b')];
    const grants = await granted(state.reserve(hold('h1', ...claims)));
    await setTime(START + 2 * lease);
    await Promise.all([second.renew(), third.renew()]);
    const [orphan] = await second.state.orphans(9);
    await third.state.orphans(9);
    await second.state.reclaim('h1', used(orphan));
    assert.deepEqual(await standing(second.state, claims[0] ?? budget('a')), [[50n, 0n]]);
    assert.equal((await third.state.reclaim('h1', orphan?.postings ?? [])).duplicate, true);
    assert.deepEqual(await state.settle('h1', bill(claims, grants, 13n, 1n)), { late: true, duplicate: false });
    assert.deepEqual(await standing(state, claims[0] ?? budget('a')), [[13n, 0n]]);
    assert.deepEqual(await state.settle('h1', bill(claims, grants, 13n, 1n)), { late: false, duplicate: true });
    assert.deepEqual(await standing(state, claims[0] ?? budget('a')), [[13n, 0n]]);
  });

  withState(
    'what is reclaimed twice by one that was told of it twice still gives way to the bill itself',
    async (stage) => {
      const { state, owner, setTime, lease } = stage;
      const second = await owner();
      const claim = budget('a', { amount: 50n });
      const grants = await granted(state.reserve(hold('h1', claim)));
      await setTime(START + 2 * lease);
      await second.renew();
      const rounds = await Promise.all([second.state.orphans(9), second.state.orphans(9)]);
      for (const [orphan] of rounds) await second.state.reclaim('h1', used(orphan));
      assert.deepEqual(await standing(second.state, claim), [[50n, 0n]]);
      assert.deepEqual(await state.settle('h1', bill([claim], grants, 13n)), { late: true, duplicate: false });
      assert.deepEqual(await standing(state, claim), [[13n, 0n]]);
    },
  );

  withState('an owner that renews is never taken for dead', async ({ state, first, owner, setTime, lease }) => {
    await granted(state.reserve(hold('h1', budget('a'))));
    const other = await owner();
    for (let third = 1; third <= 9; third++) {
      await setTime(START + Math.floor((third * lease) / 3));
      await Promise.all([first.renew(), other.renew()]);
      assert.deepEqual(await other.state.orphans(9), []);
    }
    assert.equal((await state.settle('h1', [])).late, false);
  });
}

/** The bill of an orphan: all that it held, or the same amount for each claim. */
function used(orphan: Orphan | undefined, actual?: bigint): Posting[] {
  const bill: Posting[] = [];
  for (const posting of orphan?.postings ?? []) bill.push({ ...posting, actual: actual ?? posting.held });
  return bill;
}
