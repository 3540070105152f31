/** A terminal that keeps what is written to it, and folders inside the repository for it to stand in. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../clock.ts';
import { runCommand } from './program.ts';
import type { Output, Signals, Terminal } from './terminal.ts';

// Inside the repository, so that packages resolve; ignored by git.
const WORKPLACE = fileURLToPath(new URL('../../.gatewright/', import.meta.url));

/** Writes files into a new folder and answers with its path. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  mkdirSync(WORKPLACE, { recursive: true });
  const folder = mkdtempSync(join(WORKPLACE, 'cli-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

export class Captured implements Output {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(isTTY: boolean, columns: number) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }
}

export class FakeSignals implements Signals {
  readonly raised: string[] = [];
  readonly #listeners = new Map<string, Set<(value: unknown) => void>>();

  listen(event: string, listener: (value: unknown) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  raise(signal: NodeJS.Signals): void {
    this.raised.push(signal);
  }

  /** How many listen. */
  count(event: string): number {
    return this.#listeners.get(event)?.size ?? 0;
  }

  emit(event: string, value?: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(value);
  }
}

export interface FakeTerminal extends Terminal {
  readonly out: Captured;
  readonly err: Captured;
  readonly signals: FakeSignals;
}

export interface FakeOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Makes both streams terminals of this many characters a line. */
  readonly columns?: number;
  readonly hungUp?: () => boolean;
  /** What is typed at each question; without them nobody is there to be asked. */
  readonly answers?: readonly string[];
  /** Is told what was asked. */
  readonly asked?: string[];
}

export function fakeTerminal(cwd: string, options: FakeOptions = {}): FakeTerminal {
  const { env = {}, columns, hungUp = () => false, answers, asked = [] } = options;
  const ask = async (question: string): Promise<string> => answers?.[asked.push(question) - 1] ?? '';
  const stream = (): Captured => new Captured(columns !== undefined, columns ?? 0);
  return {
    out: stream(),
    err: stream(),
    cwd,
    env,
    clock: systemClock,
    signals: new FakeSignals(),
    started: systemClock.monotonic(),
    hungUp,
    ...(answers !== undefined && { ask }),
  };
}

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in a folder. The folder's own path is replaced in what it says. */
export async function runIn(cwd: string, words: readonly string[], options?: FakeOptions): Promise<Outcome> {
  const terminal = fakeTerminal(cwd, options);
  const code = await runCommand(words, terminal);
  const said = ({ text }: Captured): string => text.replaceAll(cwd, '<folder>');
  return { code, out: said(terminal.out), err: said(terminal.err) };
}

/** Asks until there is an answer; fails after about so many seconds. */
export async function until<T>(ask: () => T | undefined, seconds = 10): Promise<T> {
  for (let tries = 0; tries < seconds * 100; tries++) {
    const answer = ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`It did not happen within ${seconds} seconds.`);
}
