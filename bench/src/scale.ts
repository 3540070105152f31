/** How cost grows with size, and what misbehaving neighbours cost: `npm run bench:scale`. */
import { adversity } from './adversity.ts';
import { LOAD_CORE, pinRunning } from './child.ts';
import { crowd, CROWD_PERIOD } from './crowd.ts';
import { growth } from './growth.ts';
import { Lab, type Settings } from './lab.ts';
import { largeBodies } from './large-bodies.ts';
import type { Section } from './report.ts';
import { runCommand, runSession, type Measure } from './session.ts';
import { soak } from './soak.ts';
import { workers } from './workers.ts';

/** With the usual settings a soak takes two minutes; `--only soak-long` takes a million requests. */
const SOAK_MINUTES = 2;
const MANY = 1_000_000;

type InLab = (lab: Lab) => Promise<Section | Section[]>;

const MEASURES: Readonly<Record<string, InLab>> = {
  growth,
  crowd,
  bodies: largeBodies,
  workers,
  adversity,
  soak: (lab) => soak(lab, (SOAK_MINUTES * lab.settings.seconds) / 2, MANY),
  'soak-long': (lab) => soak(lab, 10, MANY),
};
const USUAL = Object.keys(MEASURES).filter((name) => name !== 'soak-long');

/** Each in a lab of its own: nothing is left over from the one before. */
function inLab(measure: InLab): Measure {
  return async (settings: Settings) => {
    pinRunning(LOAD_CORE, process.pid);
    const lab = await Lab.open(settings, [], [String(CROWD_PERIOD)]);
    try {
      return await measure(lab);
    } finally {
      await lab.close();
    }
  };
}

const all = Object.fromEntries(Object.entries(MEASURES).map(([name, measure]) => [name, inLab(measure)]));

if (import.meta.main) {
  await runCommand('scale', USUAL, (options) => runSession(all, options), { warmUp: 60_000 });
}
