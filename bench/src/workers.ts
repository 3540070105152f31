/** What two worker processes on two cores serve, beside one process on one. */
import { BOTH_CORES, Child, LOAD_CORE } from './child.ts';
import { Command } from './command.ts';
import { withConfigFile } from './config-file.ts';
import type { Lab } from './lab.ts';
import { putLoad, type LoadResult } from './load.ts';
import { canReadProcesses } from './process-time.ts';
import { row, type Row, type Section } from './report.ts';
import { SETUPS } from './setups.ts';
import { interleave, ratios, statistic } from './statistic.ts';
import { atLeast } from './target.ts';

const NUMBERS = [1, 2] as const;

/** With everybody on the same cores, rounds differ by half: it takes more of them than elsewhere. */
const TIMES = 3;

/**
 * Generator and upstream share the cores with the gateway in both cases: what others do to a core's caches makes each request
 * dearer, and would else be told only of two.
 */
const CORES: Readonly<Record<number, number | string>> = { 1: LOAD_CORE, 2: BOTH_CORES };

interface Sample {
  readonly perSecond: number;
  /** Requests that all workers together would serve in a second, had each a core to itself. */
  readonly capacity: number;
  /** Processor time of a request in all processes of the gateway, in microseconds. */
  readonly cost: number;
}

export async function workers(lab: Lab): Promise<Section> {
  const running = new Map<number, Stand>();
  try {
    for (const number of NUMBERS) running.set(number, await open(lab, number));
    for (const stand of running.values()) await warm(lab, stand);
    const samples = await interleave(NUMBERS, TIMES * lab.settings.rounds, (number) =>
      measure(lab, running.get(number) as Stand),
    );
    const values = (number: number, of: keyof Sample): number[] =>
      (samples.get(number as 1 | 2) ?? []).map((sample) => sample[of]);
    return section(values);
  } finally {
    for (const { command, upstream } of running.values()) {
      await command.stop();
      await upstream.stop();
    }
  }
}

/** A gateway of so many workers on as many cores, with an upstream there. */
interface Stand {
  readonly number: number;
  readonly command: Command;
  readonly upstream: Child;
}

async function open(lab: Lab, number: number): Promise<Stand> {
  const core = CORES[number] as number | string;
  const upstream = await Child.start('./upstream.ts', { core });
  try {
    // Made anew for each: two gateways cannot share a file of records.
    const config = { ...SETUPS.everything({ upstream: upstream.origin, logFile: lab.logFile }), workers: number };
    const command = await withConfigFile(`workers-${number}`, config, (file) => Command.start(file, core));
    return { number, command, upstream };
  } catch (error) {
    await upstream.stop();
    throw error;
  }
}

function section(values: (number: number, of: keyof Sample) => number[]): Section {
  const rows: Row[] = NUMBERS.map((number) =>
    row(`${number} of them, beside the generator`, 'req/s', values(number, 'perSecond'), values(1, 'perSecond')),
  );
  const known = canReadProcesses
    ? NUMBERS.flatMap((number) => [
        row(`${number} of them, a core each`, 'req/s', values(number, 'capacity'), values(1, 'capacity')),
        row(`${number} of them, processor time`, 'µs/request', values(number, 'cost'), values(1, 'cost')),
      ])
    : [];
  const share = statistic(ratios(values(2, 'capacity'), values(1, 'capacity'))).median;
  return {
    title: 'Workers, everything on',
    about:
      'The command as users start it: one process on one core, two workers on two, with generator and upstream on the same cores, and as many connections for each worker. "A core each" leaves out what generator and upstream took: it is the number of workers divided by the processor time that a request takes in all processes of the gateway, the primary among them.',
    ratioTo: 'one',
    rows: [...rows, ...known],
    ...(canReadProcesses ? { targets: [atLeast('two workers, times one', share, 1.7)] } : {}),
  };
}

/** Each worker is to have answered as many as the single one: code that is not compiled yet costs twice as much. */
async function warm(lab: Lab, stand: Stand): Promise<void> {
  for (let requests = 0; requests < lab.settings.warmUp * stand.number;) {
    requests += (await load(lab, stand)).requests;
  }
}

async function measure(lab: Lab, stand: Stand): Promise<Sample> {
  const { number, command } = stand;
  const before = command.cpu;
  const { requests, perSecond } = await load(lab, stand);
  const cost = (command.cpu - before) / requests;
  return { perSecond, capacity: (number * 1e6) / cost, cost };
}

/** Who serves twice as many has twice as many at a time. */
function load(lab: Lab, { number, command }: Stand): Promise<LoadResult> {
  const { connections, seconds } = lab.settings;
  const ask = lab.ask('everything', 'whole', 400, command.origin);
  return putLoad({ ...ask, connections: connections * number, seconds, cores: CORES[number] as number | string });
}
