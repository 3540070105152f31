/** A process under test: started on its own core, probed over IPC, stopped at the end. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ProbeMessage, ProbeRequest, Vitals } from './probe.ts';

/** The core of the server under test; everything else runs on the other. */
export const TEST_CORE = 0;
export const LOAD_CORE = 1;

/** Whether processes can be kept to one core each. */
export const pinning: boolean = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** A command line that runs on one core only, where the system can do that. */
export function pinned(core: number, command: string, args: readonly string[]): [string, string[]] {
  return pinning ? ['taskset', ['-c', String(core), command, ...args]] : [command, [...args]];
}

/** Moves a running process to a core, threads and all. */
export function pinRunning(core: number, pid: number): void {
  if (pinning) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)]);
}

export interface ChildOptions {
  readonly core: number;
  readonly args?: readonly string[];
  /** Flags for Node itself. */
  readonly flags?: readonly string[];
}

export class Child {
  readonly port: number;
  /** Milliseconds from its start until it was ready. */
  readonly boot: number;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: number, boot: number) {
    this.#process = process;
    this.port = port;
    this.boot = boot;
  }

  /** Starts a module of this folder. Rejects when it ends before it is ready. */
  static async start(module: string, { core, args = [], flags = [] }: ChildOptions): Promise<Child> {
    const file = fileURLToPath(new URL(module, import.meta.url));
    const nodeArgs = [...process.execArgv, '--expose-gc', ...flags, file, ...args];
    const [command, all] = pinned(core, process.execPath, nodeArgs);
    const began = performance.now();
    const child = spawn(command, all, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const message = await next(child, module);
    if (!('port' in message)) throw new Error(`${module} did not say its port.`);
    return new Child(child, message.port, performance.now() - began);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Its processor time and memory now. */
  async vitals(collect = false): Promise<Vitals> {
    const answer = next(this.#process, 'a probed process');
    this.#process.send({ collect } satisfies ProbeRequest);
    const message = await answer;
    if (!('vitals' in message)) throw new Error('A probe was not answered with vitals.');
    return message.vitals;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 3000);
    await gone;
    clearTimeout(timer);
  }
}

function next(child: ChildProcess, name: string): Promise<ProbeMessage> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`${name} ended with code ${code}.`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as ProbeMessage);
    });
  });
}
