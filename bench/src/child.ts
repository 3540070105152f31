/** A process under test: started on its own core, probed over IPC, stopped at the end. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ProbeMessage, ProbeRequest, Vitals } from './probe.ts';

/** The core of the server under test; everything else runs on the other. */
export const TEST_CORE = 0;
export const LOAD_CORE = 1;

/** Both of them. */
export const BOTH_CORES = `${TEST_CORE},${LOAD_CORE}`;

/** Whether processes can be kept to one core each. */
export const pinning: boolean = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** A command line that runs on some cores only, where the system can do that. */
export function pinned(core: number | string, command: string, args: readonly string[]): [string, string[]] {
  return pinning ? ['taskset', ['-c', String(core), command, ...args]] : [command, [...args]];
}

/** Moves a running process to a core, threads and all. */
export function pinRunning(core: number, pid: number): void {
  if (pinning) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)]);
}

export interface ChildOptions {
  /** One, or a list of some. */
  readonly core: number | string;
  readonly args?: readonly string[];
  /** Flags for Node itself. */
  readonly flags?: readonly string[];
  /** What its environment has besides that of this process. */
  readonly env?: Readonly<Record<string, string>>;
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
  static async start(module: string, { core, args = [], flags = [], env = {} }: ChildOptions): Promise<Child> {
    const file = fileOf(module);
    const nodeArgs = [...process.execArgv, '--expose-gc', ...flags, file, ...args];
    const [command, all] = pinned(core, process.execPath, nodeArgs);
    const began = performance.now();
    const child = spawn(command, all, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...env },
    });
    const message = await next(child, module);
    if (!('port' in message)) throw new Error(`${module} did not say its port.`);
    return new Child(child, message.port, performance.now() - began);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Its processor time and memory now. */
  vitals(collect = false): Promise<Vitals> {
    return this.#ask({ collect });
  }

  /** Starts the profiler of a process that was started with `profiling.ts`. */
  async startProfile(): Promise<void> {
    await this.#ask({ collect: false, profile: 'start' });
  }

  /** Ends the profiler and writes what it found to a file. */
  async stopProfile(file: string): Promise<void> {
    await this.#ask({ collect: false, profile: file });
  }

  async #ask(request: ProbeRequest): Promise<Vitals> {
    const answer = next(this.#process, 'a probed process');
    this.#process.send(request);
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

/** The path of a module of this folder. */
export function fileOf(module: string): string {
  return fileURLToPath(new URL(module, import.meta.url));
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
