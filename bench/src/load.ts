/** Load on a server: many connections that send one request after another, by wrk where it is installed, else by autocannon. */
import { spawnSync } from 'node:child_process';

export interface Load {
  /** `http://host:port/path`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly connections: number;
  readonly seconds: number;
  /** The cores that the generator runs on. Default: the one that is not the subject's. */
  readonly cores?: number | string;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  /** Latencies in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Broken connections, timeouts, and replies that are no success. */
  readonly errors: number;
}

/** The name of the generator that is used here. */
export const generator: 'wrk' | 'autocannon' = spawnSync('wrk', ['-v']).error === undefined ? 'wrk' : 'autocannon';

/** Puts a load on a server, whatever comes back: where refusals are what is measured. */
export async function loadAnyhow(load: Load): Promise<LoadResult> {
  const { run } = generator === 'wrk' ? await import('./wrk.ts') : await import('./autocannon.ts');
  return run(load);
}

/** How often a load is tried in which nothing came back at all, as happens where others keep the machine busy. */
const TRIES = 3;

/** Puts a load on a server. Throws when anything but success came back: such figures would mean nothing. */
export async function putLoad(load: Load): Promise<LoadResult> {
  let result = await loadAnyhow(load);
  for (let tries = 1; tries < TRIES && result.requests + result.errors === 0; tries++) result = await loadAnyhow(load);
  if (result.errors > 0 || result.requests === 0) {
    throw new Error(`${load.url} answered ${result.requests} requests and failed ${result.errors}.`);
  }
  return result;
}
