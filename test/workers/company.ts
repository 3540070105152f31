/** A gateway with several processes, started as people start it, from the sources. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UsageRow } from '@gatewright/core';
import { ROOT } from '../house/tree.ts';

const COMMAND = join(ROOT, 'core/src/cli/main.ts');
/** Inside the repository, so that packages resolve; ignored by git. */
const WORKPLACE = join(ROOT, 'test/.gatewright');
/** Milliseconds that something may take on a busy machine. */
const PATIENCE = 60_000;
/** Milliseconds without a byte after which a request counts as lost. */
const SILENCE = 30_000;

/** Tells which process answers, and what is counted; holds a request for `/hold` until the process ends. */
const LOOK = `
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
const counter = { scope: 'global', unit: 'nanos', window: { kind: 'total', name: 'total' } };
export default definePlugin({
  name: 'look', version: '1.0.0', engine: '^1', options: z.strictObject({}), uses: ['state', 'store'],
  setup({ http, use }) {
    const [state, store] = [use('state'), use('store')];
    http.route('GET', '/pid', (context) => { context.body = { pid: process.pid }; });
    http.route('GET', '/books', async (context) => {
      const [balance] = await state.balances([counter]);
      const rows = await store.usage({ limit: 1000 });
      const stored = (await store.rollups(['global'])).reduce((sum, { spent }) => sum + spent, 0n);
      const text = JSON.stringify({ balance, rows, stored }, (_key, value) => typeof value === 'bigint' ? String(value) : value);
      context.type = 'application/json';
      context.body = text;
    });
    http.route('GET', '/crash', () => { setImmediate(() => { throw new Error('planted'); }); });
  },
});
`;

export interface Asked {
  readonly status: number;
  readonly text: string;
  /** Why there is no whole answer. */
  readonly failure?: string;
}

export interface Books {
  readonly balance: { readonly spent: string; readonly reserved: string };
  /** The sum of the store. */
  readonly stored: string;
  readonly rows: readonly {
    readonly id: string;
    readonly type: string;
    readonly nanos?: string;
    readonly upstreamId?: string;
    readonly result: UsageRow['result'];
  }[];
}

export class Company {
  readonly folder: string;
  said = '';
  url = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  private constructor(folder: string) {
    this.folder = folder;
    this.#child = spawn(
      process.execPath,
      ['--no-warnings', '--conditions=gatewright-source', COMMAND, 'start', '--port', '0'],
      { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  /** `yaml` may use the plugin `./look.ts`. */
  static async start(yaml: string): Promise<Company> {
    mkdirSync(WORKPLACE, { recursive: true });
    const folder = mkdtempSync(join(WORKPLACE, 'workers-'));
    writeFileSync(join(folder, 'look.ts'), LOOK);
    writeFileSync(join(folder, 'gatewright.yaml'), yaml);
    const company = new Company(folder);
    company.url = await company.until(() => /address\s+(http:\S+)/.exec(company.said)?.[1]);
    return company;
  }

  write(yaml: string): void {
    writeFileSync(join(this.folder, 'gatewright.yaml'), yaml);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves with the exit code. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGTERM');
    await this.#ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Asks until there is an answer. */
  async until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    for (let waited = 0; waited < PATIENCE; waited += 20) {
      const found = await look();
      if (found !== undefined) return found;
      const end = this.#child.exitCode ?? this.#child.signalCode;
      if (end !== null) throw new Error(`It ended with ${end}:\n${this.said}`);
      await sleep(20);
    }
    throw new Error(`It did not happen within ${PATIENCE} ms:\n${this.said}`);
  }

  /** The processes that serve: the system deals connections out among them, by chance. */
  async pids(): Promise<readonly number[]> {
    const pids = new Set<number>();
    for (let tries = 0; tries < 24; tries++) {
      const { text, failure } = await this.get('/pid');
      if (failure === undefined) pids.add((JSON.parse(text) as { pid: number }).pid);
    }
    return [...pids];
  }

  async books(): Promise<Books> {
    return JSON.parse((await this.get('/books')).text) as Books;
  }

  get(path: string): Promise<Asked> {
    return ask(this.url + path);
  }

  /** A chat, on a connection of its own. */
  chat(more: Readonly<Record<string, unknown>> = {}, onData?: (text: string) => void): Promise<Asked> {
    const messages = [{ role: 'user', content: 'What is this worth?' }];
    return ask(`${this.url}/v1/chat/completions`, JSON.stringify({ model: 'metered', messages, ...more }), onData);
  }
}

function ask(url: string, body?: string, onData?: (text: string) => void): Promise<Asked> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const method = body === undefined ? 'GET' : 'POST';
  const agent = new Agent({ keepAlive: false });
  return new Promise((resolve) => {
    let text = '';
    const call = request(url, { agent, method, headers }, (response) => {
      const status = response.statusCode ?? 0;
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        onData?.(text);
      });
      response.on('error', (error) => resolve({ status, text, failure: error.message }));
      response.on('end', () => resolve({ status, text }));
    });
    call.setTimeout(SILENCE, () => call.destroy(new Error(`${url} was silent for ${SILENCE} ms`)));
    call.on('error', (error) => resolve({ status: 0, text, failure: error.message }));
    call.end(body);
  });
}
