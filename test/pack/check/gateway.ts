/** A gateway in a process of its own, started from an installed project as its README says. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { inherited, type Environment } from './command.ts';

/** Milliseconds in which it must listen, answer, or say something. */
const PATIENCE = 60_000;

export class RunningGateway {
  readonly #child: ChildProcess;
  #said = '';
  readonly url: string;
  readonly key: string;

  private constructor(child: ChildProcess, url: string, key: string) {
    this.#child = child;
    this.url = url;
    this.key = key;
  }

  /** `npm start` in a project, on a port that the command line gives. */
  static async start(folder: string, port: number, env: Environment): Promise<RunningGateway> {
    const bin = join('node_modules', '@gatewright', 'core', 'bin', 'gatewright.js');
    const words = ['--env-file-if-exists=.env', bin, 'start', '--port', String(port)];
    const child = spawn(process.execPath, words, {
      cwd: folder,
      env: { ...inherited(), ...env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const path = join(folder, '.env');
    const key = existsSync(path) ? /^GATEWRIGHT_KEY=(.*)$/m.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
    const gateway = new RunningGateway(child, `http://127.0.0.1:${port}`, key ?? '');
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (gateway.#said += String(chunk)));
    await gateway.waitFor(/address +http:/);
    return gateway;
  }

  /** All that it said so far. */
  get said(): string {
    return this.#said;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves with what it said since `from` characters, once that matches. */
  async waitFor(pattern: RegExp, from = 0): Promise<string> {
    for (let waited = 0; waited < PATIENCE; waited += 50) {
      const said = this.#said.slice(from);
      if (pattern.test(said)) return said;
      if (!this.isRunning) break;
      await sleep(50);
    }
    throw new Error(`The gateway did not say ${String(pattern)}, but:\n${this.#said.slice(from)}`);
  }

  /** Tells it that its configuration has changed, and resolves with what it says once `pattern` is there. */
  async reload(pattern: RegExp): Promise<string> {
    const from = this.#said.length;
    this.#child.kill('SIGHUP');
    return this.waitFor(pattern, from);
  }

  /** Streams one answer with the official client. Rejects where nothing comes, or it breaks off. */
  async stream(model: string): Promise<string> {
    const client = new OpenAI({ apiKey: this.key, baseURL: `${this.url}/v1`, maxRetries: 0, timeout: PATIENCE });
    const stream = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Is anybody there? [simulate: pace-0]' }],
      stream: true,
    });
    let text = '';
    let finished = false;
    for await (const { choices } of stream) {
      text += choices[0]?.delta.content ?? '';
      finished ||= choices[0]?.finish_reason === 'stop';
    }
    if (text === '' || !finished) throw new Error(`${model} answered with ${JSON.stringify(text)}, and no stop.`);
    return text;
  }

  /** Ends it as systemd does. Rejects where it does not end well. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    const ended = once(this.#child, 'exit') as Promise<[number | null]>;
    this.#child.kill('SIGTERM');
    const [code] = await ended;
    if (code !== 0) throw new Error(`The gateway ended with ${code}:\n${this.#said}`);
  }
}
