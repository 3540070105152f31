/** How long the quick start takes from the start of its process until it accepts a connection. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Command } from './command.ts';
import type { Settings } from './lab.ts';
import { row, type Section } from './report.ts';
import { interleave, statistic } from './statistic.ts';

const QUICKSTART = join(import.meta.dirname, '..', '..', 'examples/quickstart/gatewright.yaml');

export async function boot({ rounds }: Settings): Promise<Section> {
  // The first start fills the cache of compiled code; all later ones of a user find it full.
  await quickstart();
  const times = await interleave(['node', 'quickstart'] as const, rounds, (what) =>
    what === 'node' ? nodeAlone() : quickstart(),
  );
  const found = times.get('quickstart') ?? [];
  const { median } = statistic(found);
  return {
    title: 'Boot of the quick start',
    about:
      'From the start of the process until it accepts a connection. Node alone: from the start of an empty script to its end.',
    rows: [row('node alone', 'ms', times.get('node') ?? []), row('quick start', 'ms', found)],
    verdicts: [{ aim: 'boots in less than 500 ms', found: `${median.toFixed(0)} ms`, met: median < 500 }],
  };
}

async function nodeAlone(): Promise<number> {
  const began = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - began;
}

async function quickstart(): Promise<number> {
  const command = await Command.start(QUICKSTART);
  await command.stop();
  return command.boot;
}
