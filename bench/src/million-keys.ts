/** What a gateway with a million keys in its store takes to know one of them again, and how much memory it keeps them in. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pinRunning, TEST_CORE } from './child.ts';
import { row, type Section } from './report.ts';
import { statistic } from './statistic.ts';

const KIT = '../../plugins/auth-keys/src/million.test.kit.ts';

/** What the kit tells. */
interface Found {
  readonly keys: number;
  readonly cached: number;
  /** Microseconds of processor time for one cached key, by round. */
  readonly cachedKey: readonly number[];
  /** The same for one that must be read. */
  readonly readKey: readonly number[];
  /** Bytes of heap when the cache was full, and when several times as many keys had been used. */
  readonly full: number;
  readonly over: number;
}

export async function millionKeys(rounds: number): Promise<Section> {
  const { keys, cached, cachedKey, readKey, full, over } = await run(rounds);
  const took = statistic(cachedKey).median;
  const perKey = full / cached;
  return {
    title: `Money: ${keys.toLocaleString('en-GB')} keys in SQLite, ${cached.toLocaleString('en-GB')} of them remembered`,
    about:
      'Processor time of saying whose a key is. Memory: what the remembered keys take, after as many as there is room for, and after five times as many were used.',
    rows: [
      row('a remembered key', 'µs', cachedKey),
      row('a key that must be read', 'µs', readKey),
      row('memory of a full cache', 'MB', [full / 1e6]),
      row('memory after five times as many keys', 'MB', [over / 1e6]),
      row('memory for each key', 'B', [perKey]),
    ],
    verdicts: [
      { aim: 'a remembered key in less than 5 µs', found: `${took.toFixed(2)} µs`, met: took < 5 },
      {
        aim: 'memory stays at what a full cache takes, within a tenth',
        found: `${(over / full).toFixed(2)} of it`,
        met: over <= full * 1.1,
      },
    ],
  };
}

function run(rounds: number): Promise<Found> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(KIT, import.meta.url)), [String(rounds)], {
      execArgv: [...process.execArgv, '--expose-gc', '--conditions=gatewright-source'],
    });
    if (child.pid !== undefined) pinRunning(TEST_CORE, child.pid);
    child.once('message', (message) => {
      resolve(message as Found);
      child.disconnect();
    });
    child.once('exit', (code) => reject(new Error(`The measurement of a million keys ended with code ${code}.`)));
  });
}
