/** Runs the steps of a check one after another, with a line for each, and a table at the end. */

/** What a step found worth showing: `38 packages, 13.8 MB`; or why it could not be taken yet, which is no success. */
export type Note = string | { readonly open: string } | void;

interface Result {
  readonly name: string;
  readonly seconds: number;
  readonly note: string;
  readonly error: Error | undefined;
  /** It waits for something that is not built yet. */
  readonly open: boolean;
}

const mark = ({ error, open }: Pick<Result, 'error' | 'open'>): string =>
  error !== undefined ? '✗' : open ? '○' : '✓';

export class Course {
  readonly #results: Result[] = [];
  readonly #write: (text: string) => void;
  readonly #now: () => number;

  constructor(write: (text: string) => void, now: () => number) {
    this.#write = write;
    this.#now = now;
  }

  get failed(): number {
    return this.#results.filter(({ error }) => error !== undefined).length;
  }

  /** Runs a step. Resolves with whether it went well: what depends on it is then the caller's to leave out. */
  async step(name: string, body: () => Promise<Note>): Promise<boolean> {
    this.#write(`… ${name}\n`);
    const start = this.#now();
    let note: string | { readonly open: string } = '';
    let error: Error | undefined;
    try {
      note = (await body()) ?? '';
    } catch (caught) {
      error = caught instanceof Error ? caught : new Error(JSON.stringify(caught));
    }
    const seconds = (this.#now() - start) / 1000;
    const open = typeof note === 'object';
    const result: Result = { name, seconds, note: typeof note === 'object' ? note.open : note, error, open };
    this.#results.push(result);
    const end = error === undefined ? result.note : error.message;
    this.#write(`${mark(result)} ${name} (${seconds.toFixed(1)} s)${end === '' ? '' : `: ${end}`}\n`);
    return error === undefined;
  }

  /** Runs steps that need each other, and says which were left out once one has failed. */
  async chain(steps: readonly (readonly [name: string, body: () => Promise<Note>])[]): Promise<boolean> {
    for (const [index, [name, body]] of steps.entries()) {
      if (await this.step(name, body)) continue;
      for (const [left] of steps.slice(index + 1)) {
        const error = new Error(`not run: "${name}" failed`);
        this.#results.push({ name: left, seconds: 0, note: '', error, open: false });
      }
      return false;
    }
    return true;
  }

  /** A row for each step. */
  table(): string {
    const width = Math.max(...this.#results.map(({ name }) => name.length));
    const rows = this.#results.map((result) => {
      const { name, seconds, note, error } = result;
      const said = error === undefined ? note : error.message.split('\n')[0];
      return `${mark(result)} ${name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s  ${said}`.trimEnd();
    });
    const open = this.#results.filter((result) => result.open).length;
    const good = this.#results.length - this.failed - open;
    const waiting = open === 0 ? '' : `, ${open} not possible yet`;
    return `${rows.join('\n')}\n\n${good} of ${this.#results.length} steps passed${waiting}, ${this.failed} failed.\n`;
  }
}
