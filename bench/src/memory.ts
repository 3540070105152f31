/** How much memory a gateway with everything on holds, started as users start it, before and after the load. */
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

export function memory(lab: Lab): Promise<Section> {
  const setup = SETUPS.everything({ upstream: lab.child('upstream').origin, logFile: lab.logFile });
  return withConfigFile('memory', setup, (config) => measure(lab, config));
}

async function measure(lab: Lab, config: string): Promise<Section> {
  const before: number[] = [];
  const after: number[] = [];
  for (let round = 0; round < Math.min(lab.settings.rounds, MOST_ROUNDS); round++) {
    const command = await Command.start(config, TEST_CORE);
    before.push(command.resident() / MEGABYTE);
    const { connections, seconds } = lab.settings;
    const ask = lab.ask('everything', 'whole', 400, command.origin);
    for (let load = 0; load < LOADS; load++) await putLoad({ ...ask, connections, seconds });
    after.push(command.resident() / MEGABYTE);
    await command.stop();
  }
  const { median } = statistic(after);
  return {
    title: 'Memory',
    about: `Resident, of a gateway with everything on, in a fresh process, before and after ${LOADS} loads of 400 B requests from ${lab.settings.connections} connections.`,
    rows: [row('after the boot', 'MB', before), row('after the load', 'MB', after)],
    verdicts: [
      { aim: 'less than 120 MB resident after the load', found: `${median.toFixed(0)} MB`, met: median < 120 },
    ],
  };
}
