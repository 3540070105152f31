/** Whether memory stays what it is, while hundreds of thousands of requests pass and providers fail now and then. */
import { TEST_CORE } from './child.ts';
import { Command } from './command.ts';
import { withConfigFile } from './config-file.ts';
import type { Lab } from './lab.ts';
import { putLoad } from './load.ts';
import { chatRequest } from './payload.ts';
import { row, type Section } from './report.ts';
import { SETUPS } from './setups.ts';
import { statistic } from './statistic.ts';
import { atMost } from './target.ts';

/** Memory is looked at so often. */
const LOOKS = 24;

/** For as long as `minutes`, or as many requests as `most`, whichever comes first; started as users start it. */
export function soak(lab: Lab, minutes: number, most: number): Promise<Section> {
  const setup = SETUPS.shaky({ upstream: lab.child('upstream').origin, logFile: lab.logFile });
  return withConfigFile('soak', setup, async (config) => {
    const command = await Command.start(config, TEST_CORE);
    try {
      return await load(lab, command, minutes, most);
    } finally {
      await command.stop();
    }
  });
}

async function load(lab: Lab, command: Command, minutes: number, most: number): Promise<Section> {
  const ask = { ...lab.ask('everything', 'whole', 400, command.origin), body: chatRequest('shaky', 400) };
  const seconds = Math.max(1, Math.round((minutes * 60) / LOOKS));
  const resident: number[] = [];
  let requests = 0;
  while (resident.length < LOOKS && requests < most) {
    requests += (await putLoad({ ...ask, connections: lab.settings.connections, seconds })).requests;
    resident.push(command.resident() / 1e6);
    process.stdout.write(`soak: ${requests} requests, ${resident.at(-1)?.toFixed(0)} MB\n`);
  }
  return section(requests, resident);
}

/** The first third is warm-up; the second and the last are compared. */
function section(requests: number, resident: readonly number[]): Section {
  const third = Math.max(1, Math.floor(resident.length / 3));
  const middle = resident.slice(third, -third);
  const last = resident.slice(-third);
  const settled = middle.length === 0 ? last : middle;
  const growth = statistic(last).median / statistic(settled).median - 1;
  return {
    title: `Soak: ${requests.toLocaleString('en-GB')} requests, everything on`,
    about:
      'The first target of the model answers 500 one time in twenty, and another answers in its place. Resident memory in the middle third of the run, and in the last.',
    rows: [row('resident, middle third', 'MB', settled), row('resident, last third', 'MB', last)],
    targets: [atMost('soak, growth of resident memory', Math.max(0, growth), 0.05)],
  };
}
