/** Where the time of one request goes: `npm run bench:stages`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileOf, LOAD_CORE, pinRunning } from './child.ts';
import { Lab, type Settings } from './lab.ts';
import { putLoad } from './load.ts';
import type { Manner } from './payload.ts';
import { divide, type Profile } from './profile.ts';
import { row, type Row, type Section } from './report.ts';
import { runCommand, runSession } from './session.ts';
import { REST, stageOf } from './stage-map.ts';
import { statistic } from './statistic.ts';

/** One profiled load. */
interface Round {
  /** Microseconds of the main thread per request, by stage. */
  readonly stages: ReadonlyMap<string, number>;
  /** Processor time of the whole process per request, in microseconds. */
  readonly cpu: number;
}

const SUM = 'sum: the main thread, not idle';

export async function stages(settings: Settings): Promise<Section[]> {
  pinRunning(LOAD_CORE, process.pid);
  const lab = await Lab.open(settings, []);
  try {
    return [
      section('whole replies of 800 B', 'request', await profiled(lab, 'whole')),
      section('streams of 100 events', 'stream', await profiled(lab, 'burst')),
    ];
  } finally {
    await lab.close();
  }
}

async function profiled(lab: Lab, manner: Manner): Promise<Round[]> {
  const { connections, seconds, warmUp, rounds } = lab.settings;
  const child = await lab.fresh('everything', undefined, ['--import', fileOf('./profiling.ts')]);
  try {
    const load = { ...lab.ask('everything', manner, 400, child.origin), connections, seconds };
    const enough = manner === 'whole' ? warmUp : warmUp / 10;
    for (let requests = 0; requests < enough;) requests += (await putLoad(load)).requests;
    const found: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      const file = join(lab.folder, `${manner}.cpuprofile`);
      await child.startProfile();
      const before = await child.vitals();
      const { requests } = await putLoad(load);
      const after = await child.vitals();
      await child.stopProfile(file);
      const sums = divide(JSON.parse(await readFile(file, 'utf8')) as Profile, stageOf, REST);
      const each = [...sums].map(([stage, time]) => [stage, time / requests] as const);
      found.push({ stages: new Map(each), cpu: (after.cpu - before.cpu) / requests });
    }
    return found;
  } finally {
    await child.stop();
  }
}

function section(what: string, one: string, rounds: readonly Round[]): Section {
  const sums = rounds.map(({ stages: all }) => [...all.values()].reduce((sum, time) => sum + time, 0));
  const names = [...new Set(rounds.flatMap((round) => [...round.stages.keys()]))];
  const timeOf = (name: string): number[] => rounds.map((round) => round.stages.get(name) ?? 0);
  const ordered = names.toSorted((a, b) => statistic(timeOf(b)).median - statistic(timeOf(a)).median);
  const rows: Row[] = ordered.map((name) => row(name, 'µs', timeOf(name), sums));
  return {
    title: `Where the time goes: everything on, ${what}`,
    about: `Of one ${one}, on the main thread, by a sampling profiler (which itself makes it slower): the time of the innermost frame counts for its file, that of Node's own functions for those who call them. The stages are disjoint: in each round they add up to the sum.`,
    ratioTo: 'sum',
    rows: [
      ...rows,
      row(SUM, 'µs', sums, sums),
      row(
        'beside it, in other threads: SQLite, the garbage collector, the compiler',
        'µs',
        rounds.map(({ cpu }, index) => Math.max(0, cpu - (sums[index] ?? 0))),
        sums,
      ),
    ],
  };
}

if (import.meta.main) {
  await runCommand('stages', ['stages'], (options) => runSession({ stages }, options), { rounds: 5, seconds: 3 });
}
