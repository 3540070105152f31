/** Another gateway: installed into a folder, started on a core, asked as its documentation says. */
import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pinned, TEST_CORE } from './child.ts';
import { accepts, freePort } from './free-port.ts';
import type { Ask } from './lab.ts';
import type { Manner } from './payload.ts';
import { processTime } from './process-time.ts';

/** What a peer is started with. */
export interface PeerNeeds {
  /** A folder of its own, in which it was installed. */
  readonly folder: string;
  /** `http://host:port` of the upstream. */
  readonly upstream: string;
  readonly port: number;
}

export interface PeerKind {
  readonly name: string;
  /** What of it is switched on, and what it does not have without more servers. */
  readonly features: string;
  /** Installs it, or says why not by throwing. Answers its version. Does nothing where it is installed. */
  readonly install: (folder: string) => Promise<string>;
  /** The command line that starts it, with what its environment has besides. */
  readonly start: (needs: PeerNeeds) => Promise<{ command: string; args: string[]; env?: Record<string, string> }>;
  /** False where it has one address for a provider, which answers whole here. */
  readonly streams?: false;
  readonly ask: (needs: PeerNeeds, manner: Manner) => Ask;
}

const PATIENCE = 120_000;

/** A peer that runs. */
export class Peer {
  readonly needs: PeerNeeds;
  readonly #process: ChildProcess;

  private constructor(needs: PeerNeeds, process: ChildProcess) {
    this.needs = needs;
    this.#process = process;
  }

  /** Rejects with the end of what it said when it does not come up. */
  static async start(kind: PeerKind, folder: string, upstream: string): Promise<Peer> {
    const needs = { folder, upstream, port: await freePort() };
    const { command, args, env } = await kind.start(needs);
    const [program, all] = pinned(TEST_CORE, command, args);
    const log = join(folder, 'output.log');
    const output = openSync(log, 'w');
    const child = spawn(program, all, {
      cwd: folder,
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
      detached: true,
    });
    const peer = new Peer(needs, child);
    const end = performance.now() + PATIENCE;
    while (!(await accepts(needs.port))) {
      if (child.exitCode !== null || performance.now() > end) {
        await peer.stop();
        throw new Error(`It does not listen. It said:\n${readFileSync(log, 'utf8').slice(-2000)}`);
      }
      await wait(100);
    }
    return peer;
  }

  /** Processor time of it and its children so far, in microseconds. */
  get cpu(): number {
    return processTime(this.#process.pid ?? 0);
  }

  async stop(): Promise<void> {
    const { pid } = this.#process;
    if (pid === undefined || this.#process.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    // Some start workers and do not pass a signal on: the whole group is asked, then made, to go.
    process.kill(-pid, 'SIGTERM');
    const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), 3000);
    await gone;
    clearTimeout(timer);
  }
}
