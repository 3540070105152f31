/** Follows the walk-through of an example, step by step, in a copy of its folder. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../house/tree.ts';
import type { Block } from './blocks.ts';

/** Ports that an example may name; in the copy each is another one, that is free. */
const DOCUMENTED = /\b40\d\d\b/g;
/** Milliseconds that a step may take, and that a look is repeated. */
const PATIENCE = 60_000;
const LOOK_AGAIN = 250;
/** What an example makes, and what is installed. */
const LEFT_OUT = new Set(['.gatewright', 'node_modules', 'dist']);

/** One block of commands, and what the document says that they print: there, `…` stands for anything. */
export interface Step {
  readonly block: Block;
  readonly shown: string | undefined;
}

/** Whether the blocks of a document can be followed: only an example has a folder to do it in. */
export const isWalkable = (path: string): boolean => /^examples\/[^/]+\/README\.md$/.test(path);

/** The steps among the blocks of a document. */
export function stepsOf(blocks: readonly Block[]): Step[] {
  return blocks.flatMap((block, index) => {
    if (block.walk === undefined) return [];
    const next = blocks[index + 1];
    return [{ block, shown: next?.language === 'text' ? next.text : undefined }];
  });
}

export class Walk {
  readonly #folder: string;
  readonly #ports: ReadonlyMap<string, string>;
  #started: ChildProcess | undefined;
  #said = '';

  private constructor(folder: string, ports: ReadonlyMap<string, string>) {
    this.#folder = folder;
    this.#ports = ports;
  }

  /** Copies the folder of a document, with free ports in place of those that its files name. */
  static async open(document: string): Promise<Walk> {
    const from = join(ROOT, dirname(document));
    const folder = join(ROOT, 'test', '.blocks', `walk-${basename(from)}`);
    rmSync(folder, { recursive: true, force: true });
    cpSync(from, folder, { recursive: true, filter: (path) => path === from || !LEFT_OUT.has(basename(path)) });
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
    const files = names.filter((path) => statSync(path).isFile());
    const named = new Set(files.flatMap((path) => readFileSync(path, 'utf8').match(DOCUMENTED) ?? []));
    const walk = new Walk(folder, await freePorts([...named]));
    for (const path of files) writeFileSync(path, walk.#moved(readFileSync(path, 'utf8')));
    return walk;
  }

  /** Does what a step says. Throws an Error where a command fails, or prints something else than is shown. */
  async follow({ block, shown }: Step): Promise<void> {
    const text = this.#moved(block.text).replaceAll(/^cd .*\n/gm, '');
    const expected = shown === undefined ? undefined : this.#moved(shown);
    if (/^npm start$/m.test(text)) {
      await this.#start(expected ?? '');
      return;
    }
    const until = Date.now() + (block.walk === 'until' ? PATIENCE / 2 : 0);
    for (;;) {
      const { failed, said } = await this.#run(text);
      if (!failed && (expected === undefined || matches(said, expected))) return;
      if (Date.now() >= until) throw new Error(`It printed\n${said}\nin place of\n${expected ?? 'nothing'}`);
      await sleep(LOOK_AGAIN);
    }
  }

  /** Ends what was started, as Ctrl-C does. */
  async interrupt(): Promise<void> {
    const child = this.#started;
    this.#started = undefined;
    if (child?.pid === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGINT');
    await ended;
  }

  /** The documented ports at which somebody still listens, after some time to stop. */
  async busyPorts(): Promise<readonly string[]> {
    for (let waited = 0; ; waited += LOOK_AGAIN) {
      const listening = await Promise.all([...this.#ports].map(async ([, port]) => isTaken(Number(port))));
      const busy = [...this.#ports.keys()].filter((_port, index) => listening[index]);
      if (busy.length === 0 || waited > PATIENCE) return busy;
      await sleep(LOOK_AGAIN);
    }
  }

  async close(): Promise<void> {
    await this.interrupt();
    await this.busyPorts();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(expected: string): Promise<void> {
    const options = {
      cwd: this.#folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    };
    const child = spawn('npm', ['start', '--silent'], options);
    this.#started = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.#said += String(chunk)));
    for (let waited = 0; !matches(this.#said, expected); waited += LOOK_AGAIN) {
      const over = waited > PATIENCE || child.exitCode !== null;
      if (over) throw new Error(`npm start printed\n${this.#said}\nin place of\n${expected}`);
      await sleep(LOOK_AGAIN);
    }
  }

  #run(text: string): Promise<{ failed: boolean; said: string }> {
    const options = { cwd: this.#folder, timeout: PATIENCE };
    return new Promise((resolve) => {
      execFile('bash', ['--norc', '-eu', '-o', 'pipefail', '-c', text], options, (error, stdout, stderr) => {
        resolve(
          error === null
            ? { failed: false, said: stdout }
            : { failed: true, said: `${stdout}${stderr}${error.message}` },
        );
      });
    });
  }

  #moved(text: string): string {
    return text.replaceAll(DOCUMENTED, (port) => this.#ports.get(port) ?? port);
  }
}

/** Whether a text is the one that is shown; space at the ends of lines does not count. */
export function matches(said: string, shown: string): boolean {
  const plain = (text: string): string => text.trim().replaceAll(/[ \t\r]+$/gm, '');
  const parts = plain(shown).split('…');
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[^\w\s]/g, '\\$&')).join('[^]*?')}$`).test(plain(said));
}

async function isTaken(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    server.close();
    return false;
  } catch {
    return true;
  }
}

/**
 * A free port for each. None is of those that systems give to connections (from 32768 on): a port is still free when what
 * was killed starts again.
 */
async function freePorts(named: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ports = new Map<string, string>();
  let next = 20_000 + (process.pid % 600) * 20;
  for (const port of named.toSorted()) {
    while (await isTaken(next)) next++;
    ports.set(port, `${next++}`);
  }
  return ports;
}
