/** Runs the steps of a check one after another, with a line for each, and a table at the end. */

/** What a step found worth showing: `38 packages, 13.8 MB`. */
export type Note = string | void;

interface Result {
  readonly name: string;
  readonly seconds: number;
  readonly note: string;
  readonly error: Error | undefined;
}

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
    let note = '';
    let error: Error | undefined;
    try {
      note = (await body()) ?? '';
    } catch (caught) {
      error = caught instanceof Error ? caught : new Error(JSON.stringify(caught));
    }
    const seconds = (this.#now() - start) / 1000;
    this.#results.push({ name, seconds, note, error });
    const end = error === undefined ? note : error.message;
    this.#write(
      `${error === undefined ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)${end === '' ? '' : `: ${end}`}\n`,
    );
    return error === undefined;
  }

  /** Runs steps that need each other, and says which were left out once one has failed. */
  async chain(steps: readonly (readonly [name: string, body: () => Promise<Note>])[]): Promise<boolean> {
    for (const [index, [name, body]] of steps.entries()) {
      if (await this.step(name, body)) continue;
      for (const [left] of steps.slice(index + 1)) {
        this.#results.push({ name: left, seconds: 0, note: '', error: new Error(`not run: "${name}" failed`) });
      }
      return false;
    }
    return true;
  }

  /** A row for each step. */
  table(): string {
    const width = Math.max(...this.#results.map(({ name }) => name.length));
    const rows = this.#results.map(({ name, seconds, note, error }) => {
      const said = error === undefined ? note : error.message.split('\n')[0];
      return `${error === undefined ? '✓' : '✗'} ${name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s  ${said}`.trimEnd();
    });
    const good = this.#results.length - this.failed;
    return `${rows.join('\n')}\n\n${good} of ${this.#results.length} steps passed.\n`;
  }
}
