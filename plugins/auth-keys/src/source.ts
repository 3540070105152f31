/** Reads records: from what is remembered of them, else from the store. */
import { toGatewayError, type Clock, type RecordPage, type Store, type StoredRecord } from '@gatewright/core';
import { partOf, type Follower } from './follower.ts';
import type { Gate } from './gate.ts';
import { KEY } from './records/kinds.ts';
import type { Key } from './records/key.ts';
import { Resolutions, type Memory, type Parts } from './resolutions.ts';

interface Found {
  readonly record: StoredRecord;
}

export class RecordSource {
  readonly #store: Store;
  readonly #gate: Gate;
  readonly #clock: Clock;
  readonly #records: Resolutions<Found>;

  /** Remembers so many records that keys share: teams, users, budgets. */
  constructor(store: Store, follower: Follower, gate: Gate, clock: Clock, memory: Memory) {
    this.#store = store;
    this.#gate = gate;
    this.#clock = clock;
    this.#records = new Resolutions(follower, clock, memory, memory, async (name, parts) => {
      parts.add(name);
      const space = name.indexOf(' ');
      const record = await gate.run(() => store.get(name.slice(0, space), name.slice(space + 1)));
      return record === undefined ? null : { record };
    });
  }

  /** A record that others share. Rejects with `GW_STORE_UNAVAILABLE`. */
  async read<T>(kind: string, id: string, parts: Parts): Promise<T | undefined> {
    const name = partOf(kind, id);
    parts.add(name);
    const found = this.#records.peek(name, this.#clock.monotonic()) ?? (await this.#records.load(name));
    return found?.record.value as T | undefined;
  }

  /** The key with a hash, read anew for somebody who came from `source`. */
  async key(hash: string, parts: Parts, source = ''): Promise<StoredRecord<Key> | undefined> {
    const find = (): Promise<RecordPage<Key>> => this.#store.find<Key>(KEY.kind, { where: { hash }, limit: 1 });
    const { records } = await this.#gate.run(find, source);
    const [record] = records;
    this.#gate.found(source, record !== undefined);
    if (record !== undefined) parts.add(partOf(KEY.kind, record.id));
    return record;
  }
}

/** Whether a read failed because the store cannot be asked. */
export const isUnavailable = (error: unknown): boolean => toGatewayError(error).code === 'GW_STORE_UNAVAILABLE';
