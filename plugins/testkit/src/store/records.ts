/** Records: versions, conditions, transactions, finding. */
import assert from 'node:assert/strict';
import { isGatewayError } from '@gatewright/core';
import type { WithStore } from './suite.ts';

const isConflict = (error: unknown): boolean => isGatewayError(error) && error.code === 'GW_CONFLICT';

export function recordTests(withStore: WithStore): void {
  writing(withStore);
  conditions(withStore);
  finding(withStore);
}

function writing(withStore: WithStore): void {
  withStore('a record is what was written, with its version and times', async ({ store, replica }) => {
    const value = { name: 'Ünï', list: [1, null, { deep: true }], text: 'quote " and \\' };
    await store.write([{ kind: 'team', id: 'a', value }]);
    const record = await replica.get('team', 'a');
    assert.deepEqual(record?.value, value);
    assert.equal(record.version, 1);
    assert.ok(record.created > 0 && record.updated >= record.created);
  });

  withStore('every write raises the version and keeps the time of creation', async ({ store }) => {
    await store.write([{ kind: 'team', id: 'a', value: 1 }]);
    const first = await store.get('team', 'a');
    await store.write([{ kind: 'team', id: 'a', value: 2 }]);
    const second = await store.get('team', 'a');
    assert.equal(second?.version, 2);
    assert.equal(second.value, 2);
    assert.equal(second.created, first?.created);
  });

  withStore('a write without a value deletes, and what is not there is undefined', async ({ store }) => {
    await store.write([{ kind: 'team', id: 'a', value: 1, index: { name: 'x' } }]);
    await store.write([{ kind: 'team', id: 'a' }]);
    assert.equal(await store.get('team', 'a'), undefined);
    assert.deepEqual((await store.find('team', { where: { name: 'x' } })).records, []);
    assert.equal(await store.get('team', 'never'), undefined);
    assert.equal(await store.get('other', 'a'), undefined);
  });

  withStore('ids and values with SQL in them are only text', async ({ store }) => {
    const id = `x'; DROP TABLE records; --`;
    await store.write([{ kind: 'key', id, value: { id }, index: { name: id } }]);
    assert.equal((await store.find('key', { where: { name: id } })).records[0]?.id, id);
    assert.deepEqual((await store.find('key', { where: { name: `' OR 1=1 --` } })).records, []);
  });
}

function conditions(withStore: WithStore): void {
  withStore('a write whose expected version does not hold changes nothing of its batch', async ({ store }) => {
    await store.write([{ kind: 'team', id: 'a', value: 1, expect: 0 }]);
    const stale = store.write([
      { kind: 'team', id: 'b', value: 1 },
      { kind: 'team', id: 'a', value: 2, expect: 7 },
    ]);
    await assert.rejects(stale, isConflict);
    assert.equal(await store.get('team', 'b'), undefined);
    assert.equal((await store.get('team', 'a'))?.value, 1);
    await assert.rejects(store.write([{ kind: 'team', id: 'a', value: 3, expect: 0 }]), isConflict);
    await assert.rejects(store.write([{ kind: 'team', id: 'never', expect: 1 }]), isConflict);
  });

  withStore('of many that change one version, one wins', async ({ store, replica }) => {
    await store.write([{ kind: 'team', id: 'a', value: 0 }]);
    const tries = Array.from({ length: 20 }, (_, n) =>
      (n % 2 === 0 ? store : replica).write([{ kind: 'team', id: 'a', value: n, expect: 1 }]),
    );
    const results = await Promise.allSettled(tries);
    const lost = results.filter((one) => one.status === 'rejected');
    assert.equal(lost.length, 19);
    assert.ok(lost.every(({ reason }) => isConflict(reason)));
    assert.equal((await store.get('team', 'a'))?.version, 2);
  });
}

function finding(withStore: WithStore): void {
  withStore('records are found by index fields, all of which must match', async ({ store }) => {
    await store.write([
      { kind: 'key', id: 'a', value: 1, index: { team: 'core', tag: ['x', 'y'] } },
      { kind: 'key', id: 'b', value: 2, index: { team: 'core', tag: 'x' } },
      { kind: 'key', id: 'c', value: 3, index: { team: 'edge' } },
      { kind: 'user', id: 'd', value: 4, index: { team: 'core' } },
    ]);
    const ids = async (where: Record<string, string>): Promise<string[]> =>
      (await store.find('key', { where })).records.map(({ id }) => id);
    assert.deepEqual(await ids({ team: 'core' }), ['a', 'b']);
    assert.deepEqual(await ids({ team: 'core', tag: 'y' }), ['a']);
    assert.deepEqual(await ids({ tag: 'x' }), ['a', 'b']);
    assert.deepEqual(await ids({ team: 'none' }), []);
    await store.write([{ kind: 'key', id: 'a', value: 1, index: { team: 'edge' } }]);
    assert.deepEqual(await ids({ team: 'core' }), ['b']);
    assert.deepEqual(await ids({ tag: 'y' }), []);
  });

  withStore('all records can be walked through page by page, in the order of their bytes', async ({ store }) => {
    const ids = ['Z', 'a', 'b', 'é', 'a-1', 'a_1', '10', '9'];
    await store.write(ids.map((id) => ({ kind: 'key', id, value: id })));
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await store.find('key', { limit: 3, ...(after === undefined ? {} : { after }) });
      assert.ok(page.records.length <= 3);
      seen.push(...page.records.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    assert.deepEqual(
      seen,
      ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
  });
}
