/** How much memory gateways hold, started as users start them, before the load, right after it, and once they rest. */
import { setTimeout as wait } from 'node:timers/promises';
import { TEST_CORE } from './child.ts';
import { Command } from './command.ts';
import { withConfigFile } from './config-file.ts';
import type { Lab } from './lab.ts';
import { putLoad } from './load.ts';
import { row, type Section } from './report.ts';
import { SETUPS } from './setups.ts';
import { statistic } from './statistic.ts';

const MEGABYTE = 1e6;
/** Loads of `seconds` each that go through a gateway before it is looked at. */
const LOADS = 3;
/** Memory differs little from round to round. */
const MOST_ROUNDS = 3;
/** Milliseconds until a gateway that nobody asks has collected its garbage. It is waited for in one round alone. */
const REST = 62_000;
/** The first is what the aim is for: keys, routes, prices, metrics and a log. */
const MEASURED = ['complete', 'everything'] as const;
const TITLES = { complete: 'auth, route, prices, metrics, log', everything: 'everything on' } as const;

type Measured = (typeof MEASURED)[number];
interface Found {
  readonly booted: number[];
  readonly loaded: number[];
  readonly rested: number[];
}

export async function memory(lab: Lab): Promise<Section> {
  const found = { complete: nothing(), everything: nothing() };
  for (const name of MEASURED) {
    const setup = SETUPS[name]({ upstream: lab.child('upstream').origin, logFile: lab.logFile });
    await withConfigFile(`memory-${name}`, setup, (config) => measure(lab, name, config, found[name]));
  }
  const [loaded, rested] = [found.complete.loaded, found.complete.rested].map((all) => statistic(all).median);
  return {
    title: 'Memory',
    about: `Resident, of gateways in fresh processes, before and after ${LOADS} loads of 400 B requests from ${lab.settings.connections} connections, and ${REST / 1000} s later. Some 55 MB of it are pages of the Node binary, which all processes of Node share.`,
    rows: MEASURED.flatMap((name) => [
      row(`${TITLES[name]}: after the boot`, 'MB', found[name].booted),
      row(`${TITLES[name]}: right after the load`, 'MB', found[name].loaded),
      row(`${TITLES[name]}: at rest`, 'MB', found[name].rested),
    ]),
    verdicts: [
      {
        aim: `less than 120 MB resident after the load: ${TITLES.complete}`,
        found: `${loaded?.toFixed(0)} MB, at rest ${rested?.toFixed(0)} MB`,
        met: (loaded ?? Infinity) < 120,
      },
    ],
  };
}

const nothing = (): Found => ({ booted: [], loaded: [], rested: [] });

async function measure(lab: Lab, name: Measured, config: string, { booted, loaded, rested }: Found): Promise<void> {
  const { rounds, connections, seconds } = lab.settings;
  for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round++) {
    const command = await Command.start(config, TEST_CORE);
    booted.push(command.resident() / MEGABYTE);
    const ask = lab.ask(name, 'whole', 400, command.origin);
    for (let load = 0; load < LOADS; load++) await putLoad({ ...ask, connections, seconds });
    loaded.push(command.resident() / MEGABYTE);
    if (round === 0) {
      await wait(REST);
      rested.push(command.resident() / MEGABYTE);
    }
    await command.stop();
  }
}
