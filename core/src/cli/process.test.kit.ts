/** The `gatewright` command in a process of its own, as people run it. Needs a build. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './terminal.test.kit.ts';

export const COMMAND = fileURLToPath(new URL('../../bin/gatewright.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Seconds that processes may take to start, or to end, on a machine with much else to do. */
export const PATIENCE = 60;

export interface Spawned {
  readonly said: { out: string; err: string };
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the address when the gateway listens. */
  url(): Promise<string>;
}

/** `flags` are those of Node itself. */
export function spawnCommand(cwd: string, words: readonly string[], flags: readonly string[] = []): Spawned {
  const child = spawn(process.execPath, [...flags, COMMAND, ...words], {
    cwd,
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    said,
    ended: closed.then(([code, signal]) => ({ code, signal, ...said })),
    kill: (signal) => void child.kill(signal),
    async url() {
      return until(() => {
        const end = child.exitCode ?? child.signalCode;
        if (end !== null) throw new Error(`It ended with ${end}:\n${said.err}${said.out}`);
        return /address\s+(http:\S+)/.exec(said.err)?.[1];
      }, PATIENCE);
    },
  };
}
