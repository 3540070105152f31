/** The holds of dead owners: found, and their owners forgotten when none is left. */
import type { Orphan } from '@gatewright/core';
import type { Connection } from './connection.ts';
import { unpackPostings } from './encode.ts';
import type { EpochKeys } from './keys.ts';
import type { RedisLedger } from './redis-ledger.ts';
import { SCRIPTS } from './scripts/index.ts';

/** Up to `most` holds whose owner's lease has ended. */
export async function findOrphans(ledger: RedisLedger, connection: Connection, most: number): Promise<Orphan[]> {
  const dead = await ledger.run(SCRIPTS.dead, ({ owners }) => [owners], []);
  const { epoch } = ledger;
  const found: Orphan[] = [];
  if (epoch === undefined) return found;
  for (let index = 3; index + 1 < dead.length && found.length < most; index += 2) {
    const owner = dead[index] ?? '';
    const more = await holdsOf(owner, Number(dead[index + 1]), { epoch, connection, most: most - found.length });
    if (more.length === 0) await ledger.run(SCRIPTS.forget, (keys) => [keys.owners, keys.holdsOf(owner)], [owner, '0']);
    found.push(...more);
  }
  return found;
}

interface Search {
  readonly epoch: EpochKeys;
  readonly connection: Connection;
  readonly most: number;
}

async function holdsOf(owner: string, expired: number, { epoch, connection, most }: Search): Promise<Orphan[]> {
  const ids = await connection.ask((client) => client.srandmember(epoch.holdsOf(owner), most));
  const holds = await Promise.all(ids.map((id) => connection.ask((client) => client.get(epoch.hold(id)))));
  const found: Orphan[] = [];
  for (const [index, text] of holds.entries()) {
    // Settled by somebody else since it was listed: it is a tombstone now, or forgotten.
    if (text?.startsWith('H') !== true) continue;
    const [, amounts = '', parts = '', packed = '[]', ...memo] = text.split('\n');
    found.push({
      id: ids[index] ?? '',
      memo: memo.join('\n'),
      postings: unpackPostings(packed, parts, amounts),
      expired,
    });
  }
  return found;
}
