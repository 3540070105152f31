/** Usage rows and the sums made of their postings: each row counts once, whatever is sent twice. */
import assert from 'node:assert/strict';
import { usageLinesOf, type Store } from '@gatewright/core';
import { addRows, posting, row } from './row.ts';
import type { WithStore } from './suite.ts';

const spent = async (store: Store, scope = 'team:core'): Promise<bigint[]> =>
  (await store.rollups([scope])).map((one) => one.spent);

export function usageTests(withStore: WithStore): void {
  rows(withStore);
  keptRows(withStore);
  sums(withStore);
  orphans(withStore);
}

function rows(withStore: WithStore): void {
  withStore('a row comes back as it was, with amounts beyond a double', async ({ store, replica }) => {
    const full = row({
      id: 'a-1',
      surface: 'acme-chat',
      user: 'u',
      team: 'core',
      organisation: 'o',
      endUser: 'e',
      tags: ['x', 'y'],
      nanos: 9_007_199_254_740_993n,
      price: 'acme-1 (1/2 USD)',
      timeToFirstToken: 1.25,
      late: true,
      postings: [posting({ held: 10n ** 18n, actual: 10n ** 17n + 1n })],
      error: { code: 'GW_UPSTREAM_CUT', message: 'cut "off"' },
    });
    assert.deepEqual(await addRows(store, [full]), ['new']);
    assert.deepEqual(await replica.usage({}), [full]);
    assert.deepEqual(await spent(replica), [10n ** 17n + 1n]);
  });

  withStore('the memory that rows came in is as it was, and another row may be written over it', async (open) => {
    const { store, replica } = open;
    const memory = Buffer.from(usageLinesOf([row({ id: 'a-1' })]));
    await store.addUsage(memory);
    assert.deepEqual(memory, Buffer.from(usageLinesOf([row({ id: 'a-1' })])));
    memory.set(usageLinesOf([row({ id: 'b-2' })]));
    await store.addUsage(memory);
    assert.deepEqual((await replica.usage({})).map(({ id }) => id).toSorted(), ['a-1', 'b-2']);
  });

  withStore('rows are read newest first, page by page, and by what they are about', async ({ store }) => {
    const made = Array.from({ length: 7 }, (_, n) =>
      row({ id: `a-${n}`, time: 1000 + n, key: n % 2 === 0 ? 'even' : 'odd' }),
    );
    await addRows(store, made);
    const first = await store.usage({ limit: 3 });
    assert.deepEqual(
      first.map(({ id }) => id),
      ['a-6', 'a-5', 'a-4'],
    );
    const second = await store.usage({ limit: 3, before: 'a-4' });
    assert.deepEqual(
      second.map(({ id }) => id),
      ['a-3', 'a-2', 'a-1'],
    );
    assert.deepEqual(
      (await store.usage({ where: { key: 'odd' } })).map(({ id }) => id),
      ['a-5', 'a-3', 'a-1'],
    );
    assert.deepEqual(
      (await store.usage({ id: 'a-4' })).map(({ id }) => id),
      ['a-4'],
    );
    assert.deepEqual(await store.usage({ id: 'a-' }), []);
    assert.deepEqual(
      (await store.usage({ from: 1002, until: 1004 })).map(({ id }) => id),
      ['a-3', 'a-2'],
    );
  });
}

function keptRows(withStore: WithStore): void {
  withStore('what a provider keeps is found by the id that it keeps it under', async ({ store, replica }) => {
    await addRows(store, [
      row({ id: '1', time: 1, upstreamId: 'resp_1', kept: true }),
      row({ id: '2', time: 2, upstreamId: 'resp_2', kept: true }),
      row({ id: '3', time: 3, upstreamId: 'resp_1' }),
      row({ id: '4', time: 4, upstreamId: 'resp_1', kept: true, team: 'other' }),
    ]);
    const found = async (query: Parameters<Store['usage']>[0]): Promise<string[]> =>
      (await replica.usage(query)).map(({ id }) => id);
    assert.deepEqual(await found({ kept: 'resp_1' }), ['4', '1']);
    assert.deepEqual(await found({ kept: 'resp_1', from: 2, limit: 1 }), ['4']);
    assert.deepEqual(await found({ kept: 'resp' }), []);
  });
}

function sums(withStore: WithStore): void {
  withStore('the sums are those of the postings, per scope, unit, window and period', async ({ store }) => {
    await addRows(store, [
      row({ id: '1', postings: [posting(), posting({ window: 'periods', name: '1d', period: 'mon' })] }),
      row({ id: '2', postings: [posting({ window: 'periods', name: '1d', period: 'tue', actual: 5n })] }),
      row({ id: '3', postings: [posting({ window: 'periods', name: '1d', period: 'tue', actual: 7n })] }),
      row({ id: '4', postings: [posting({ kind: 'limit', unit: 'requests', window: 'sliding', name: '1m' })] }),
      row({ id: '5', type: 'adjustment', postings: [posting({ held: 0n, actual: -20n })] }),
      row({ id: '6', postings: [posting({ scope: 'key:k', actual: 1n })] }),
    ]);
    const found = await store.rollups(['team:core', 'key:k', 'key:none']);
    const shown = found.map(({ scope, name, period, spent: sum }) => `${scope} ${name} ${period} ${sum}`);
    assert.deepEqual(shown.toSorted(), [
      'key:k total  1',
      'team:core 1d mon 60',
      'team:core 1d tue 12',
      'team:core total  40',
    ]);
  });

  withStore(
    'a row sent again counts once, in the same batch, a later one, or from another replica',
    async ({ store, replica }) => {
      const one = row({ id: 'a-1', postings: [posting()] });
      assert.deepEqual(await addRows(store, [one, one]), ['new', 'duplicate']);
      const again = await Promise.all([addRows(store, [one]), addRows(replica, [one]), addRows(replica, [one])]);
      assert.deepEqual(again.flat(), ['duplicate', 'duplicate', 'duplicate']);
      assert.deepEqual(await spent(store), [60n]);
      assert.equal((await store.usage({})).length, 1);
    },
  );

  withStore('many writers at once lose nothing and count nothing twice', async ({ store, replica }) => {
    const batches = Array.from({ length: 20 }, (_, batch) =>
      Array.from({ length: 10 }, (_row, n) => row({ id: `${batch}-${n}`, postings: [posting({ actual: 1n })] })),
    );
    const sent = batches.flatMap((batch) => [addRows(store, batch), addRows(replica, batch)]);
    const outcomes = (await Promise.all(sent)).flat();
    assert.equal(outcomes.filter((one) => one === 'new').length, 200);
    assert.deepEqual(await spent(store), [200n]);
  });

  withStore('sums that had no posting since a time are left out when asked', async ({ store }) => {
    await addRows(store, [
      row({ id: '1', time: 1000, postings: [posting({ window: 'periods', name: '1d', period: 'old' })] }),
      row({ id: '2', time: 5000, postings: [posting({ window: 'periods', name: '1d', period: 'new' })] }),
    ]);
    assert.deepEqual(
      (await store.rollups(['team:core'], 4000)).map(({ period }) => period),
      ['new'],
    );
  });
}

function orphans(withStore: WithStore): void {
  const orphan = row({ id: 'a-1', type: 'orphaned', nanos: 100n, postings: [posting({ actual: 100n })] });
  const final = row({ id: 'a-1', nanos: 60n, postings: [posting({ actual: 60n })] });

  withStore(
    'a final row takes the place of an orphaned one once, and moves the sums by the difference',
    async ({ store }) => {
      assert.deepEqual(await addRows(store, [orphan]), ['new']);
      assert.deepEqual(await addRows(store, [orphan]), ['duplicate']);
      assert.deepEqual(await spent(store), [100n]);
      assert.deepEqual(await addRows(store, [final]), ['replaced']);
      assert.deepEqual(await addRows(store, [final, orphan]), ['duplicate', 'duplicate']);
      assert.deepEqual(await spent(store), [60n]);
      assert.deepEqual(
        (await store.usage({})).map(({ type, nanos, late }) => [type, nanos, late]),
        [['final', 60n, true]],
      );
    },
  );

  withStore('a row that says it was late marks the one that is there, and counts nothing again', async ({ store }) => {
    const late = { ...final, late: true };
    assert.deepEqual(await addRows(store, [final]), ['new']);
    assert.deepEqual(await addRows(store, [late]), ['duplicate']);
    assert.deepEqual(await store.usage({}), [late]);
    assert.deepEqual(await addRows(store, [final]), ['duplicate']);
    assert.deepEqual(await store.usage({}), [late]);
    assert.deepEqual(await spent(store), [60n]);
  });

  withStore('an orphaned row never takes the place of a final one', async ({ store }) => {
    assert.deepEqual(await addRows(store, [final, orphan]), ['new', 'duplicate']);
    assert.deepEqual(await spent(store), [60n]);
  });
}
