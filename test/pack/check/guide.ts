/** Follows a guide word by word: types its commands, writes its files, and looks at what is printed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Block } from '../../docs/blocks.ts';
import { matches } from '../../docs/walk.ts';
import type { Environment } from './command.ts';
import { freePort } from './registry.ts';
import { LeftRunning, Terminal } from './terminal.ts';

/** Ports that a guide may name. Each becomes another one that is free, in its files and in those that its commands make. */
const DOCUMENTED = /\b40\d\d\b/g;

/** What a reader does next. */
export type Move =
  | { readonly block: Block; readonly write: string }
  | { readonly block: Block; readonly type: 'run' | 'start' | 'stop'; readonly shown: string | undefined };

/** The moves of a guide, in order. Throws an Error for a block that is neither typed, written nor printed. */
export function movesOf(blocks: readonly Block[]): Move[] {
  const moves: Move[] = [];
  for (const [index, block] of blocks.entries()) {
    const next = blocks[index + 1];
    const before = blocks[index - 1];
    if (block.guide !== undefined) {
      const shown = next?.language === 'text' ? next.text : undefined;
      moves.push({ block, type: block.guide, shown });
    } else if (block.file !== undefined) moves.push({ block, write: block.file });
    else if (block.language !== 'text' || before?.guide === undefined) {
      throw new Error(`${block.path}:${block.line} is a block of a guide that nobody types, writes or is shown.`);
    }
  }
  return moves;
}

export class Follower {
  readonly #terminal: Terminal;
  readonly #ports: ReadonlyMap<string, string>;
  readonly #running: LeftRunning[] = [];

  private constructor(terminal: Terminal, ports: ReadonlyMap<string, string>) {
    this.#terminal = terminal;
    this.#ports = ports;
  }

  /** Sits down in an empty folder. `state` is a folder for what is no business of the guide. */
  static async open(folder: string, state: string, blocks: readonly Block[], env: Environment): Promise<Follower> {
    const ports = new Map<string, string>();
    const named = new Set(blocks.flatMap(({ text }) => text.match(DOCUMENTED) ?? []));
    for (const port of named) ports.set(port, `${await freePort()}`);
    for (const path of [folder, state]) mkdirSync(path, { recursive: true });
    return new Follower(new Terminal(folder, state, env), ports);
  }

  /** Rejects where a command fails, or prints something else than the guide shows. */
  async make(move: Move): Promise<void> {
    const { path, line } = move.block;
    try {
      await this.#make(move);
    } catch (error) {
      throw new Error(`${path}:${line} does not do what it says. ${(error as Error).message}`, { cause: error });
    }
  }

  /** Ends what runs, as whoever closes the terminal. Rejects where something does not end. */
  async close(): Promise<void> {
    try {
      await Promise.all(this.#running.splice(0).map((one) => one.interrupt()));
    } finally {
      await this.#terminal.close();
    }
  }

  async #make(move: Move): Promise<void> {
    const text = this.#moved(move.block.text);
    const folder = (await this.#terminal.type('pwd')).trim();
    if ('write' in move) {
      const path = join(folder, move.write);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return;
    }
    const shown = move.shown === undefined ? undefined : this.#moved(move.shown);
    if (move.type === 'start') {
      this.#movePorts(join(folder, 'gatewright.yaml'));
      const started = new LeftRunning(text, folder, await this.#terminal.variables());
      this.#running.push(started);
      await started.saying((said) => matches(said, shown ?? '…'), shown ?? 'anything');
      return;
    }
    if (move.type === 'stop') await this.#running.pop()?.interrupt();
    const said = await this.#terminal.type(text);
    if (shown !== undefined && !matches(said, shown)) throw new Error(`It printed\n${said}\nin place of\n${shown}`);
  }

  /** A configuration that a command of the guide has made names the port that the guide tells its reader. */
  #movePorts(file: string): void {
    if (existsSync(file)) writeFileSync(file, this.#moved(readFileSync(file, 'utf8')));
  }

  #moved(text: string): string {
    return text.replaceAll(DOCUMENTED, (port) => this.#ports.get(port) ?? port);
  }
}
