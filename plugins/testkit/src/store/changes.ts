/** The change log, the audit log and the epoch. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditEntry } from '@gatewright/core';
import type { WithStore } from './suite.ts';

const ENTRY: AuditEntry = {
  time: 1,
  actor: 'admin',
  action: 'team.create',
  kind: 'team',
  id: 'a',
  after: { name: 'A' },
};

export function changeTests(withStore: WithStore): void {
  log(withStore);
  audit(withStore);
  epoch(withStore);
}

function log(withStore: WithStore): void {
  withStore('the log tells every change in its order, also those of another replica', async ({ store, replica }) => {
    const { last } = await store.changes(0);
    const answered = await store.write([{ kind: 'team', id: 'a', value: 1 }]);
    await replica.write([{ kind: 'team', id: 'b', value: 1 }]);
    await store.write([{ kind: 'team', id: 'a' }]);
    const { changes, last: end } = await replica.changes(last);
    assert.deepEqual(
      changes.map(({ kind, id, version }) => [kind, id, version]),
      [
        ['team', 'a', 1],
        ['team', 'b', 1],
        ['team', 'a', 0],
      ],
    );
    const sequences = changes.map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      sequences.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(sequences).size, 3);
    assert.equal(sequences[0], answered);
    assert.equal(sequences[2], end);
    assert.deepEqual((await store.changes(end)).changes, []);
  });

  withStore(
    'the log can be read in pieces, and misses nothing that was written meanwhile',
    async ({ store, replica }) => {
      const writes: Promise<number>[] = [];
      const seen = new Set<string>();
      let at = 0;
      const read = async (): Promise<void> => {
        const { changes } = await replica.changes(at, 3);
        for (const { id, sequence } of changes) {
          seen.add(id);
          at = sequence;
        }
      };
      for (let n = 0; n < 60; n++) {
        writes.push((n % 2 === 0 ? store : replica).write([{ kind: 'team', id: `t${n}`, value: n }]));
        if (n % 5 === 0) await read();
      }
      await Promise.all(writes);
      for (let n = 0; n < 40; n++) await read();
      assert.equal(seen.size, 60);
    },
  );

  withStore('a listener hears of changes until it is taken back', async ({ store }) => {
    let heard = 0;
    const unlisten = store.onChange(() => heard++);
    await store.write([{ kind: 'team', id: 'a', value: 1 }]);
    for (let wait = 0; heard === 0 && wait < 200; wait++) await sleep(10);
    assert.ok(heard > 0);
    unlisten();
    await sleep(20);
    const before = heard;
    await store.write([{ kind: 'team', id: 'a', value: 2 }]);
    await sleep(20);
    assert.equal(heard, before);
  });
}

function audit(withStore: WithStore): void {
  withStore('audit entries stand beside their change, newest first', async ({ store }) => {
    await store.write([{ kind: 'team', id: 'a', value: 1 }], [ENTRY]);
    await store.write([{ kind: 'team', id: 'b', value: 1 }], [{ ...ENTRY, time: 2, id: 'b' }]);
    assert.deepEqual(
      (await store.audit({})).map(({ id }) => id),
      ['b', 'a'],
    );
    assert.deepEqual(await store.audit({ kind: 'team', id: 'a' }), [ENTRY]);
    assert.deepEqual(
      (await store.audit({ before: 2 })).map(({ id }) => id),
      ['a'],
    );
    assert.deepEqual(
      (await store.audit({ limit: 1 })).map(({ id }) => id),
      ['b'],
    );
  });

  withStore('a change that was refused leaves no audit entry', async ({ store }) => {
    await assert.rejects(store.write([{ kind: 'team', id: 'a', value: 1, expect: 9 }], [ENTRY]));
    assert.deepEqual(await store.audit({}), []);
  });
}

function epoch(withStore: WithStore): void {
  withStore('of many that raise the epoch, it rises once', async ({ store, replica }) => {
    const from = await store.epoch();
    const raised = await Promise.all(
      Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? store : replica).raiseEpoch(from)),
    );
    assert.deepEqual(new Set(raised), new Set([from + 1]));
    assert.equal(await replica.epoch(), from + 1);
    assert.equal(await store.raiseEpoch(from), from + 1);
  });
}
