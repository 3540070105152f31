/**
 * Measures a gateway's keys with a million of them in SQLite; run with node, `--expose-gc` and
 * `--conditions=gatewright-source`. Tells what it found to its parent, or on the standard output.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { silentLogger, systemClock, type Exchange } from '@gatewright/core';
import { Authenticator } from './authenticator.ts';
import { options } from './options.ts';
import { hashOf } from './records/secret.ts';
import { openSqliteAt } from './stores.test.kit.ts';

const KEYS = 1_000_000;
const CACHED = 50_000;
/** Lookups of remembered keys in one round. */
const LOOKUPS = 200_000;

const secretOf = (n: number): string => `sk-million-0123456789abcdefghijklmnop-${n}`;
const exchange = (credential: string): Exchange => ({ credential, headers: {} }) as Partial<Exchange> as Exchange;

/** Writes the keys behind the store's back, as it would write them; through its checks it would take minutes. */
function fill(path: string): void {
  const database = new DatabaseSync(path);
  const record = database.prepare(
    'INSERT INTO records (kind, id, version, value, created, updated) VALUES (?, ?, 1, ?, 0, 0)',
  );
  const index = database.prepare("INSERT INTO record_index (kind, field, value, id) VALUES ('key', 'hash', ?, ?)");
  database.exec('BEGIN');
  for (let n = 0; n < KEYS; n++) {
    const hash = hashOf(secretOf(n));
    const id = `key_${String(n).padStart(7, '0')}`;
    const value = { hash, shown: 'sk-...', rotations: 0, models: ['a*'], limits: [{ unit: 'requests', limit: 5 }] };
    record.run('key', id, JSON.stringify(value));
    index.run(hash, id);
  }
  database.exec('COMMIT');
  database.close();
}

function heap(): number {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  gc?.();
  return process.memoryUsage().heapUsed;
}

/** Microseconds of processor time that each of `count` turns takes. */
async function cost(count: number, work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const folder = mkdtempSync(join(tmpdir(), 'gatewright-million-'));
const path = join(folder, 'records.db');
await (await openSqliteAt(path)).close();
fill(path);
const opened = await openSqliteAt(path);
const authenticator = new Authenticator(
  options.parse({ cache: { keys: CACHED, ttl: '1h' } }),
  opened.store,
  systemClock,
  silentLogger,
);
await authenticator.follower.start();

let used = 0;
/** Asks for so many keys that were not asked for before. */
async function use(count: number): Promise<void> {
  for (const end = used + count; used < end; used++) {
    if ((await authenticator.identify(exchange(secretOf(used)))) === undefined) throw new Error('A key is unknown.');
  }
}

const empty = heap();
const readKey = [await cost(CACHED, () => use(CACHED))];
const full = heap() - empty;
for (let turn = 0; turn < 4; turn++) readKey.push(await cost(CACHED, () => use(CACHED)));
const over = heap() - empty;

// Half of the cache is sure to be there: the other half is of the generation before.
const known = Array.from({ length: CACHED / 4 }, (_value, index) => exchange(secretOf(used - 1 - index)));
const cachedKey: number[] = [];
for (let round = 0; round <= Number(process.argv[2] ?? 5); round++) {
  await authenticator.follower.sync();
  const took = await cost(LOOKUPS, () => {
    for (let turn = 0; turn < LOOKUPS; turn++) {
      const one = known[turn % known.length] as Exchange;
      if (authenticator.identify(one) instanceof Promise) throw new Error('A remembered key was read.');
    }
  });
  // The first round compiles.
  if (round > 0) cachedKey.push(took);
}
authenticator.follower.stop();
await opened.close();
rmSync(folder, { recursive: true });
const found = { keys: KEYS, cached: CACHED, cachedKey, readKey, full, over };
if (process.send === undefined) process.stdout.write(`${JSON.stringify(found)}\n`);
else process.send(found);
