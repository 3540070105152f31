/** What no process remembers is found in the rows of usage, by those whose it is. */
import { expect, test } from 'vitest';
import { MemoryBindings, type Bindings } from '../bindings.ts';
import { GatewayError } from '../errors.ts';
import { ManualClock } from '../manual-clock.test.kit.ts';
import type { Store, UsageQuery, UsageRow } from '../store.ts';
import { RecordedBindings } from './recorded-bindings.ts';

const ROW = { upstreamId: 'resp_1', kept: true, provider: 'p', upstreamModel: 'm-1', model: 'm', operation: 'chat' };
const FOUND = { provider: 'p', target: 'p/m-1', model: 'm', operation: 'chat' };

interface Rig {
  readonly bindings: RecordedBindings;
  readonly memory: MemoryBindings;
  readonly asked: UsageQuery[];
}

/** Bindings over a store with these rows; `others` says who is asked last. */
function rig(rows: readonly object[] | Error, others?: Bindings): Rig {
  const memory = new MemoryBindings();
  const asked: UsageQuery[] = [];
  const store = {
    async usage(query: UsageQuery) {
      asked.push(query);
      if (rows instanceof Error) throw rows;
      return rows as UsageRow[];
    },
  } as Partial<Store> as Store;
  return { bindings: new RecordedBindings(others ?? memory, memory, store, new ManualClock()), memory, asked };
}

test('a row of the tenant is found, and remembered', async () => {
  const { bindings, asked } = rig([
    { ...ROW, key: 'k', team: 'other', provider: 'not-theirs' },
    { ...ROW, key: 'k', team: 'core' },
  ]);
  expect(await bindings.find('team:core', 'resp_1')).toEqual(FOUND);
  expect(await bindings.find('team:core', 'resp_1')).toEqual(FOUND);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ kept: 'resp_1' });
});

test('rows of others, of other ids, and of what nobody keeps are not', async () => {
  const { bindings } = rig([
    { ...ROW, key: 'core' },
    { ...ROW, key: 'k', user: 'core' },
    { ...ROW, key: 'k', team: 'core', upstreamId: 'resp_2' },
    { ...ROW, key: 'k', team: 'core', kept: undefined },
  ]);
  expect(await bindings.find('team:core', 'resp_1')).toBeUndefined();
});

test('who else may know is asked last', async () => {
  const others = new MemoryBindings();
  others.bind('team:core', 'resp_9', { provider: 'o', target: 'o/m', model: 'm', operation: 'chat' });
  const { bindings } = rig([], others);
  expect(await bindings.find('team:core', 'resp_9')).toMatchObject({ provider: 'o' });
});

test('what was deleted is not found in its row, until something of the id is made again', async () => {
  const { bindings } = rig([{ ...ROW, key: 'k', team: 'core' }]);
  expect(await bindings.find('team:core', 'resp_1')).toEqual(FOUND);
  bindings.release('team:core', 'resp_1');
  expect(await bindings.find('team:core', 'resp_1')).toBeUndefined();
  bindings.bind('team:core', 'resp_1', { ...FOUND, operation: 'chat' });
  expect(await bindings.find('team:core', 'resp_1')).toEqual(FOUND);
});

test('a store that cannot be reached is said: what is not known is not what does not exist', async () => {
  const { bindings } = rig(new GatewayError('GW_STORE_UNAVAILABLE', 'The store is gone.'));
  await expect(Promise.resolve(bindings.find('team:core', 'resp_1'))).rejects.toThrow('The store is gone.');
});
