/** Runs the benchmarks: `npm run bench`, or `npm run bench -- --only throughput,parts --rounds 7`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { boot } from './boot.ts';
import { LOAD_CORE, pinRunning } from './child.ts';
import { codecs } from './codecs.ts';
import { describeEnvironment } from './environment.ts';
import { failover } from './failover.ts';
import { idleStreams } from './idle-streams.ts';
import { Lab, type Settings } from './lab.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { parts } from './parts.ts';
import { formatSection, type Report, type Section } from './report.ts';
import { streams } from './streams.ts';
import { throughput } from './throughput.ts';
import { translation } from './translation.ts';
import { warm } from './warm-up.ts';

/** What needs the servers, in the order it is measured. */
const IN_LAB = { throughput, latency, failover, streams, translation, memory, 'idle-streams': idleStreams } as const;

const NAMES = ['boot', ...Object.keys(IN_LAB), 'parts', 'codecs'];

export interface RunOptions {
  readonly settings: Settings;
  /** Names of what to measure. */
  readonly only: readonly string[];
  /** Called with each section as soon as it is there. */
  readonly onSection: (section: Section) => void;
}

/** Measures and reports. Throws RangeError for a name that is none. */
export async function runAll({ settings, only, onSection }: RunOptions): Promise<Report> {
  const unknown = only.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new RangeError(`There is no "${unknown}"; there are ${NAMES.join(', ')}.`);
  const environment = describeEnvironment();
  const sections: Section[] = [];
  const add = (found: Section | Section[]): void => {
    for (const section of [found].flat()) {
      sections.push(section);
      onSection(section);
    }
  };
  // Users' gateways boot on all cores: children get the cores of this process.
  if (only.includes('boot')) add(await boot(settings));
  pinRunning(LOAD_CORE, process.pid);
  if (Object.keys(IN_LAB).some((name) => only.includes(name))) {
    const lab = await Lab.open(settings);
    try {
      await warm(lab);
      for (const [name, measure] of Object.entries(IN_LAB)) if (only.includes(name)) add(await measure(lab));
    } finally {
      await lab.close();
    }
  }
  if (only.includes('parts')) add(await parts(settings.rounds));
  if (only.includes('codecs')) add(await codecs(settings.rounds));
  return { environment, settings, sections };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      connections: { type: 'string', default: '64' },
      streams: { type: 'string', default: '1000' },
      requests: { type: 'string', default: '300' },
      'warm-up': { type: 'string', default: '15000' },
      only: { type: 'string', default: NAMES.join(',') },
      name: { type: 'string' },
    },
  });
  const { rounds, seconds, connections, streams: held, requests } = values;
  const settings: Settings = {
    rounds: Number(rounds),
    seconds: Number(seconds),
    connections: Number(connections),
    streams: Number(held),
    requests: Number(requests),
    warmUp: Number(values['warm-up']),
  };
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  say(
    `${Object.entries(describeEnvironment())
      .map(([key, value]) => `${key}: ${value}`)
      .join(' · ')}\n`,
  );
  const report = await runAll({ settings, only: values.only.split(','), onSection: (one) => say(formatSection(one)) });
  if (values.name === undefined) return;
  const folder = join(import.meta.dirname, '..', 'results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${values.name}.json`), `${JSON.stringify(report, rounded, 2)}\n`);
}

/** Four digits that count are enough to compare. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}

if (import.meta.main) await main();
