/** The `gatewright` command as users start it, with a configuration file, in a process without anything else in it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pinned } from './child.ts';
import { accepts, freePort } from './free-port.ts';
import { processTime } from './process-time.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PATIENCE = 30_000;
/** As those start it who have installed it: from the bundles, which `npm run build` has just made. */
const PUBLISHED = '--conditions=gatewright-bundle';

export class Command {
  readonly origin: string;
  /** Milliseconds from the start of the process until it accepted a connection. */
  readonly boot: number;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: number, boot: number) {
    this.#process = process;
    this.origin = `http://127.0.0.1:${port}`;
    this.boot = boot;
  }

  /** Starts a gateway; `core` keeps it to one, or to some. Rejects with what it said when it does not come up. */
  static async start(config: string, core?: number | string): Promise<Command> {
    const port = await freePort();
    const bin = join(ROOT, 'core/bin/gatewright.js');
    const args = [PUBLISHED, bin, 'start', '--config', config, '--port', String(port)];
    const [command, all] = core === undefined ? [process.execPath, args] : pinned(core, process.execPath, args);
    const began = performance.now();
    const child = spawn(command, all, { stdio: ['ignore', 'ignore', 'pipe'], env: withoutKeys(process.env) });
    const said: Buffer[] = [];
    child.stderr.on('data', (part: Buffer) => said.push(part));
    while (!(await accepts(port))) {
      if (child.exitCode !== null || performance.now() - began > PATIENCE) {
        child.kill('SIGKILL');
        throw new Error(`The gateway does not listen:\n${Buffer.concat(said).toString()}`);
      }
      await wait(2);
    }
    return new Command(child, port, performance.now() - began);
  }

  /** Processor time of it and its workers so far, in microseconds. */
  get cpu(): number {
    return processTime(this.#process.pid ?? 0);
  }

  /** Resident memory in bytes. */
  resident(): number {
    const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(this.#process.pid)]);
    return Number(stdout.toString()) * 1024;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await gone;
  }
}

/** The keys of real providers would add plugins. */
function withoutKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.endsWith('_API_KEY')));
}
