/** Removes what epochs before the current one have left: they are never read again. */
import { Cluster, type Redis } from 'ioredis';
import type { LedgerKeys } from './keys.ts';

/** How many keys a step looks at. */
const STEP = 500;

/** Removes the keys of earlier epochs of a ledger, a few at a time. */
export async function sweep(client: Redis | Cluster, keys: LedgerKeys, epoch: string): Promise<void> {
  const servers = client instanceof Cluster ? client.nodes('master') : [client];
  for (const server of servers) {
    let cursor = '0';
    do {
      const [next, found] = await server.scan(cursor, 'MATCH', keys.pattern, 'COUNT', STEP);
      cursor = next;
      const old = found.filter((key) => keys.isBefore(key, epoch));
      if (old.length > 0) await server.unlink(...old);
    } while (cursor !== '0');
  }
}
