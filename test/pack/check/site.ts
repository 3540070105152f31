/** The folders of a check, and the gateway that runs in one of them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { attempt, run, type Environment, type Said } from './command.ts';
import { RunningGateway } from './gateway.ts';
import { freePort, type Registry } from './registry.ts';

export class Site {
  readonly registry: Registry;
  readonly #folder: string;
  #gateway: RunningGateway | undefined;
  #port = 0;

  constructor(folder: string, registry: Registry) {
    this.#folder = folder;
    this.registry = registry;
  }

  get env(): Environment {
    return { ...this.registry.env, CI: 'true', NO_COLOR: '1' };
  }

  path(...names: string[]): string {
    return join(this.#folder, ...names);
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  /** Makes an empty folder. */
  folder(name: string): string {
    mkdirSync(this.path(name), { recursive: true });
    return name;
  }

  /** Runs a command line, its words apart, that must succeed. */
  run(line: string, folder = '.'): Promise<string> {
    return run(line.split(' '), this.path(folder), this.env);
  }

  /** Runs a command, however it ends. */
  attempt(words: readonly string[], folder: string): Promise<Said> {
    return attempt(words, this.path(folder), this.env);
  }

  /** The gateway that runs. Throws where none does. */
  get gateway(): RunningGateway {
    if (this.#gateway?.isRunning !== true) throw new Error(`No gateway runs.\n${this.#gateway?.said ?? ''}`);
    return this.#gateway;
  }

  /** Starts the gateway of a project, in place of the one that ran before. */
  async start(folder: string): Promise<RunningGateway> {
    await this.close();
    // The same again: what was configured to call it finds it after a restart.
    if (this.#port === 0) this.#port = await freePort();
    this.#gateway = await RunningGateway.start(this.path(folder), this.#port, this.env);
    return this.#gateway;
  }

  /** Tells the gateway that its configuration has changed. Rejects where it does not take it. */
  async reload(): Promise<void> {
    const said = await this.gateway.reload(/Reloaded in|was not reloaded/);
    if (said.includes('was not reloaded')) throw new Error(said);
  }

  async close(): Promise<void> {
    await this.#gateway?.stop();
  }
}
