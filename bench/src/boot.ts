/** How long gateways take from the start of their process until they accept a connection. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from './command.ts';
import { withConfigFile } from './config-file.ts';
import type { Settings } from './lab.ts';
import { row, type Section } from './report.ts';
import { SETUPS } from './setups.ts';
import { interleave, statistic } from './statistic.ts';
import { atMost } from './target.ts';
import { thirtyPlugins } from './thirty-plugins.ts';

const QUICKSTART = join(import.meta.dirname, '..', '..', 'examples/quickstart/gatewright.yaml');

export async function boot({ rounds }: Settings): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-bench-'));
  const needs = { upstream: 'http://127.0.0.1:1', logFile: join(folder, 'gateway.log') };
  try {
    return await withConfigFile('boot', SETUPS.everything(needs), (everything) =>
      withConfigFile('boot-thirty', thirtyPlugins(needs), (thirty) => measure(rounds, everything, thirty)),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(rounds: number, everything: string, thirty: string): Promise<Section> {
  // The first start fills the cache of compiled code; all later ones of a user find it full.
  const configs = [QUICKSTART, everything, thirty];
  for (const config of configs) await start(config);
  const times = await interleave(['node', ...configs], rounds, (what) => (what === 'node' ? nodeAlone() : start(what)));
  const found = (what: string): number[] => times.get(what) ?? [];
  return {
    title: 'Boot',
    about:
      'From the start of the process until it accepts a connection, from the bundles that are published. Node alone: from the start of an empty script to its end.',
    rows: [
      row('node alone', 'ms', found('node')),
      row('quick start', 'ms', found(QUICKSTART)),
      row('everything on', 'ms', found(everything)),
      row('thirty plugins', 'ms', found(thirty)),
    ],
    targets: [
      atMost('boot, everything on', statistic(found(everything)).median, 400, 'ms'),
      atMost('boot, thirty plugins', statistic(found(thirty)).median, 700, 'ms'),
    ],
  };
}

async function nodeAlone(): Promise<number> {
  const began = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - began;
}

async function start(config: string): Promise<number> {
  const command = await Command.start(config);
  await command.stop();
  return command.boot;
}
