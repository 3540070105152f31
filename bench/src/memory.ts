/** How much memory a complete gateway holds, started as users start it, before and after the load. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TEST_CORE } from './child.ts';
import { Command } from './command.ts';
import type { Lab } from './lab.ts';
import { putLoad } from './load.ts';
import { row, type Section } from './report.ts';
import { SETUPS } from './setups.ts';
import { statistic } from './statistic.ts';

const MEGABYTE = 1e6;
/** Loads of `seconds` each that go through a gateway before it is looked at. */
const LOADS = 3;
/** Plugins are looked for from the folder of the configuration. */
const FOLDER = join(import.meta.dirname, '..', '.gatewright');

export async function memory(lab: Lab): Promise<Section> {
  const config = join(FOLDER, 'memory.yaml');
  const setup = SETUPS.complete({ upstream: lab.child('upstream').origin, logFile: lab.logFile });
  await mkdir(FOLDER, { recursive: true });
  // JSON is YAML.
  await writeFile(config, JSON.stringify(setup));
  const before: number[] = [];
  const after: number[] = [];
  for (let round = 0; round < lab.settings.rounds; round++) {
    const command = await Command.start(config, TEST_CORE);
    before.push(command.resident() / MEGABYTE);
    const { connections, seconds } = lab.settings;
    const ask = lab.ask('complete', 'whole', 400, command.origin);
    for (let load = 0; load < LOADS; load++) await putLoad({ ...ask, connections, seconds });
    after.push(command.resident() / MEGABYTE);
    await command.stop();
  }
  await rm(FOLDER, { recursive: true });
  const { median } = statistic(after);
  return {
    title: 'Memory',
    about: `Resident, of a complete gateway in a fresh process, before and after ${LOADS} loads of 400 B requests from ${lab.settings.connections} connections.`,
    rows: [row('after the boot', 'MB', before), row('after the load', 'MB', after)],
    verdicts: [
      { aim: 'less than 120 MB resident after the load', found: `${median.toFixed(0)} MB`, met: median < 120 },
    ],
  };
}
