/** What two worker processes serve, beside one. */
import { ALL_CORES } from './child.ts';
import { Command } from './command.ts';
import { withConfigFile } from './config-file.ts';
import type { Lab } from './lab.ts';
import { putLoad } from './load.ts';
import { canReadProcesses } from './process-time.ts';
import { row, type Row, type Section } from './report.ts';
import { SETUPS } from './setups.ts';
import { interleave, ratios, statistic } from './statistic.ts';
import { atLeast } from './target.ts';

const NUMBERS = [1, 2] as const;

interface Sample {
  readonly perSecond: number;
  /** Requests that all workers together would serve in a second, had each a core to itself. */
  readonly capacity: number;
  /** Processor time of a request in all processes of the gateway, in microseconds. */
  readonly cost: number;
}

export async function workers(lab: Lab): Promise<Section> {
  const needs = { upstream: lab.child('upstream').origin, logFile: lab.logFile };
  const running = new Map<number, Command>();
  try {
    for (const number of NUMBERS) {
      // Made anew for each: two gateways cannot share a file of records.
      const config = { ...SETUPS.everything(needs), workers: number };
      running.set(number, await withConfigFile(`workers-${number}`, config, (file) => Command.start(file, ALL_CORES)));
    }
    for (const [number, command] of running) await warm(lab, command, number);
    const samples = await interleave(NUMBERS, lab.settings.rounds, (number) =>
      measure(lab, running.get(number) as Command, number),
    );
    const values = (number: number, of: keyof Sample): number[] =>
      (samples.get(number as 1 | 2) ?? []).map((sample) => sample[of]);
    return section(values);
  } finally {
    for (const command of running.values()) await command.stop();
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
      'The command as users start it, free to use all cores; generator and upstream take their share of the same cores. "A core each" allows for that: it is the number of workers divided by the processor time that a request takes in all processes of the gateway.',
    ratioTo: 'one',
    rows: [...rows, ...known],
    ...(canReadProcesses ? { targets: [atLeast('two workers, times one', share, 1.7)] } : {}),
  };
}

/** Each worker is to have answered as many as the single one: code that is not compiled yet costs twice as much. */
async function warm(lab: Lab, command: Command, number: number): Promise<void> {
  const { connections, seconds, warmUp } = lab.settings;
  const ask = lab.ask('everything', 'whole', 400, command.origin);
  for (let requests = 0; requests < warmUp * number;) {
    requests += (await putLoad({ ...ask, connections, seconds })).requests;
  }
}

async function measure(lab: Lab, command: Command, number: number): Promise<Sample> {
  const { connections, seconds } = lab.settings;
  const ask = lab.ask('everything', 'whole', 400, command.origin);
  const before = command.cpu;
  const { requests, perSecond } = await putLoad({ ...ask, connections, seconds });
  const cost = (command.cpu - before) / requests;
  return { perSecond, capacity: (number * 1e6) / cost, cost };
}
