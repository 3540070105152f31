/** Runs the benchmarks: `npm run bench`, or `npm run bench -- --only throughput,parts --rounds 7`. */
import { boot } from './boot.ts';
import { LOAD_CORE, pinRunning } from './child.ts';
import { codecs } from './codecs.ts';
import { failover } from './failover.ts';
import { floor } from './floor.ts';
import { Lab } from './lab.ts';
import { latency } from './latency.ts';
import { isolated } from './isolated.ts';
import { idleStreams } from './idle-streams.ts';
import { memory } from './memory.ts';
import { money } from './money.ts';
import { parts } from './parts.ts';
import type { Report } from './report.ts';
import { checkNames, runCommand, runSession, type Measure, type SessionOptions } from './session.ts';
import { streams } from './streams.ts';
import { throughput } from './throughput.ts';
import { translation } from './translation.ts';
import { warm } from './warm-up.ts';

/** What needs the servers, in the order it is measured. */
const IN_LAB = {
  throughput,
  latency,
  failover,
  streams,
  translation,
  memory,
  money,
  'idle-streams': idleStreams,
  floor,
} as const;
const NAMES = ['boot', 'isolated', ...Object.keys(IN_LAB), 'parts', 'codecs'];
/** What is measured when nothing is said: the rest is for those who work on it. */
const USUAL = ['boot', 'isolated', 'throughput', 'latency', 'failover', 'streams', 'translation', 'memory', 'money'];

/** Measures and reports. Throws RangeError for a name that is none. */
export async function runAll({ settings, only, onSection }: SessionOptions): Promise<Report> {
  checkNames(only, NAMES);
  let lab: Lab | undefined;
  const inLab =
    (measure: (typeof IN_LAB)[keyof typeof IN_LAB]): Measure =>
    async () => {
      if (lab === undefined) {
        pinRunning(LOAD_CORE, process.pid);
        lab = await Lab.open(settings);
        await warm(lab);
      }
      return measure(lab);
    };
  try {
    const measured = Object.entries(IN_LAB).map(([name, measure]) => [name, inLab(measure)] as const);
    const rest = { parts: () => parts(settings.rounds), codecs: () => codecs(settings.rounds) };
    // Users' gateways have all cores, so what starts some comes first: children and threads get the cores of this process.
    return await runSession(
      { boot, isolated, ...Object.fromEntries(measured), ...rest },
      { settings, only, onSection },
    );
  } finally {
    await lab?.close();
  }
}

if (import.meta.main) await runCommand('bench', USUAL, runAll);
