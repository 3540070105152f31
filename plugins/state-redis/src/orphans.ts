/** The holds of dead owners: found, and their owners forgotten when none is left. */
import type { Orphan, Posting } from '@gatewright/core';
import type { Connection } from './connection.ts';
import { unpackPostings } from './encode.ts';
import type { EpochKeys } from './keys.ts';
import type { RedisLedger } from './redis-ledger.ts';
import { SCRIPTS } from './scripts/index.ts';
import type { Seat } from './seat.ts';

/** Up to `most` holds whose owner's lease has ended. */
export async function findOrphans(ledger: RedisLedger, connection: Connection, most: number): Promise<Orphan[]> {
  const found: Orphan[] = [];
  for (const [owner, expired] of await deadOwners(ledger)) {
    if (found.length >= most) break;
    // Whoever asks lives, though its lease had ended, and settles its own.
    if (owner === ledger.owner) continue;
    const more = await holdsOf(owner, expired, { epoch: ledger.epoch, connection, most: most - found.length });
    if (more.length === 0) await forget(ledger, owner);
    found.push(...more);
  }
  return found;
}

/** A hold of a dead owner, and the ledgers in which it has parts. */
export interface SpreadOrphan {
  readonly orphan: Orphan;
  readonly tags: readonly string[];
}

/** As {@link findOrphans}, where an owner's holds have parts in several ledgers. */
export async function findSpreadOrphans(
  home: RedisLedger,
  open: (tag: string) => Promise<Seat>,
  connection: Connection,
  most: number,
): Promise<SpreadOrphan[]> {
  const found = new Map<string, SpreadOrphan>();
  for (const [owner, expired] of await deadOwners(home)) {
    if (found.size >= most) break;
    if (owner === home.owner) continue;
    const { epoch } = home;
    if (epoch === undefined) break;
    const tags = await connection.ask((client) => client.smembers(epoch.tagsOf(owner)));
    let left = 0;
    for (const tag of tags) {
      const { ledger } = await open(tag);
      const parts = await holdsOf(owner, expired, { epoch: ledger.epoch, connection, most: EVERY });
      for (const part of parts) add(found, part, tag);
      left += parts.length;
      if (parts.length === 0) await forget(ledger, owner);
    }
    if (left > 0) continue;
    await forget(home, owner);
    await connection.ask((client) => client.del(epoch.tagsOf(owner)));
  }
  return [...found.values()].slice(0, most);
}

/** All of an owner's parts in a ledger are looked at, or a hold would be told without some of them. */
const EVERY = 1_000_000;

function add(found: Map<string, SpreadOrphan>, part: Orphan, tag: string): void {
  const before = found.get(part.id);
  const postings: readonly Posting[] = [...(before?.orphan.postings ?? []), ...part.postings];
  found.set(part.id, { orphan: { ...part, postings }, tags: [...(before?.tags ?? []), tag] });
}

/** The owners whose lease has ended, and when it did. */
async function deadOwners(ledger: RedisLedger): Promise<(readonly [owner: string, expired: number])[]> {
  const [, , , ...dead] = await ledger.run(SCRIPTS.dead, ({ owners }) => [owners], []);
  const owners: (readonly [string, number])[] = [];
  for (let index = 0; index + 1 < dead.length; index += 2) owners.push([dead[index] ?? '', Number(dead[index + 1])]);
  return owners;
}

async function forget(ledger: RedisLedger, owner: string): Promise<void> {
  await ledger.run(SCRIPTS.forget, (keys) => [keys.owners, keys.holdsOf(owner)], [owner, '0']);
}

interface Search {
  readonly epoch: EpochKeys | undefined;
  readonly connection: Connection;
  readonly most: number;
}

async function holdsOf(owner: string, expired: number, { epoch, connection, most }: Search): Promise<Orphan[]> {
  if (epoch === undefined) return [];
  const ids = await connection.ask((client) => client.srandmember(epoch.holdsOf(owner), most));
  const holds = await Promise.all(ids.map((id) => connection.ask((client) => client.get(epoch.hold(id)))));
  const found: Orphan[] = [];
  for (const [index, text] of holds.entries()) {
    // Settled by somebody else since it was listed: it is a tombstone now, or forgotten.
    if (text === null || !/^[HP]/.test(text)) continue;
    const [, amounts = '', parts = '', packed = '[]', ...memo] = text.split('\n');
    const postings = unpackPostings(packed, parts, amounts);
    found.push({ id: ids[index] ?? '', memo: memo.join('\n'), postings, expired });
  }
  return found;
}
