/** One gateway per file: a lock that the system takes back when its process ends, however it ends. */
import { DatabaseSync } from 'node:sqlite';

/** Holds the lock of a database file. Throws an Error where another process holds it. The answer gives it back. */
export function lock(path: string): () => void {
  const database = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
  } catch {
    database.close();
    throw new Error(
      `another gateway is using ${path}. One SQLite file belongs to one gateway: stop the other, give this one a file of its own, or share records through @gatewright/store-postgres.`,
    );
  }
  return () => database.close();
}
