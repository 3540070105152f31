/** A terminal: a shell that remembers its folder and its variables, and what is left running in others beside it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inherited, type Environment } from './command.ts';

/** Milliseconds that what is typed may take: a first installation brings everything from far away. */
const PATIENCE = 300_000;
/** Milliseconds in which what was left running must say what is expected of it, and end when it is told to. */
const START = 60_000;
const END = 30_000;
/** Milliseconds between two looks. */
const LOOK = 50;

/** Says that all was done; printed on a line of its own. */
const DONE = '--- typed ---';

export class Terminal {
  readonly #child: ChildProcess;
  readonly #script: string;
  #said = '';

  /** `state` is a folder for the script that holds what was typed last. */
  constructor(folder: string, state: string, env: Environment) {
    this.#script = join(state, 'typed.sh');
    const words = ['--noprofile', '--norc', '-eu', '-o', 'pipefail'];
    this.#child = spawn('bash', words, {
      cwd: folder,
      env: { ...inherited(), ...env },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#said += String(chunk)));
    }
  }

  /** Resolves with what was printed, errors too. Rejects where a command fails: the terminal is closed then. */
  async type(text: string): Promise<string> {
    this.#said = '';
    writeFileSync(this.#script, text);
    this.#child.stdin?.write(`. '${this.#script}' </dev/null 2>&1; printf '\\n${DONE}\\n'\n`);
    for (let waited = 0; waited < PATIENCE; waited += LOOK) {
      const end = this.#said.indexOf(`\n${DONE}\n`);
      if (end >= 0) return this.#said.slice(0, end);
      if (hasEnded(this.#child)) throw new Error(`A command failed:\n${text}\n${this.#said}`);
      await sleep(LOOK);
    }
    throw new Error(`It is not done after ${PATIENCE / 1000} s:\n${text}\n${this.#said}`);
  }

  /** What was exported, for what is started beside it. */
  async variables(): Promise<Record<string, string>> {
    const said = await this.type('env -0');
    const pairs = said.split('\0').filter((pair) => pair.includes('='));
    return Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
  }

  async close(): Promise<void> {
    await end(this.#child, 'SIGTERM');
  }
}

/** Commands in a terminal of their own, which do not come back before they are interrupted. */
export class LeftRunning {
  readonly #child: ChildProcess;
  readonly #text: string;
  #said = '';

  constructor(text: string, folder: string, env: Environment) {
    this.#text = text;
    const words = ['--noprofile', '--norc', '-eu', '-o', 'pipefail', '-c', text];
    this.#child = spawn('bash', words, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#said += String(chunk)));
    }
  }

  /** Resolves once it has said what is expected. Rejects where it ends before, or takes too long. */
  async saying(isExpected: (said: string) => boolean, expected: string): Promise<void> {
    for (let waited = 0; waited < START; waited += LOOK) {
      if (hasEnded(this.#child)) break;
      if (isExpected(this.#said)) return;
      await sleep(LOOK);
    }
    throw new Error(`It printed\n${this.#said}\nin place of\n${expected}`);
  }

  /** Ctrl-C. Rejects where it goes on all the same. */
  async interrupt(): Promise<void> {
    const isOver = await end(this.#child, 'SIGINT');
    if (!isOver) throw new Error(`Ctrl-C did not end it:\n${this.#text}\n${this.#said}`);
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** Ends a process with all that it started; by force where it does not listen, which is false. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<boolean> {
  if (child.pid === undefined || hasEnded(child)) return true;
  const ended = once(child, 'exit');
  process.kill(-child.pid, signal);
  const isOver = await Promise.race([ended.then(() => true), sleep(END, false)]);
  if (!isOver) process.kill(-child.pid, 'SIGKILL');
  return isOver;
}
