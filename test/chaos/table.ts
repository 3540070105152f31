/** The table of a run: a line for each fault as it ends, and what all of it comes to. */
import { dollarsOf } from '@gatewright/core';
import type { Verdict } from './fault.ts';

/** A fault that was run. */
export interface Row extends Verdict {
  readonly name: string;
  /** Requests that gateways were sent. */
  readonly asked: number;
  /** How long it took, in milliseconds. */
  readonly took: number;
}

const COLUMNS = ['asked', 'billed', 'rows', 'lost', 'adrift', 'took'] as const;
const WIDTH = 8;

const LEGEND = `asked   requests that the gateways were sent
billed  requests that the provider charged for
rows    rows of usage for these, and for holds of processes that died before they had sent their requests
lost    charges without a row, and rows without a charge
adrift  dollars by which bill, rows, sums and shared state differ in the end, or that stayed reserved
`;

export class Table {
  readonly #names: readonly string[];
  readonly #width: number;
  readonly #rows: Row[] = [];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#width = Math.max(...names.map((name) => name.length));
  }

  get head(): string {
    const columns = COLUMNS.map((column) => column.padStart(WIDTH)).join('');
    return `${LEGEND}\n${' '.repeat(8)}${'fault'.padEnd(this.#width)}${columns}  verdict\n`;
  }

  /** The line of the next fault as it begins: its number and its name. */
  get next(): string {
    const all = `${this.#names.length}`;
    const number = `${this.#rows.length + 1}`.padStart(all.length);
    return `${`${number}/${all}`.padEnd(8)}${(this.#names[this.#rows.length] ?? '').padEnd(this.#width)}`;
  }

  /** Ends that line. */
  add(row: Row): string {
    this.#rows.push(row);
    const { audit, asked, took, seen, wrong } = row;
    const figures =
      audit === undefined
        ? ['–', '–', '–', '–', '–']
        : [asked, audit.charges, audit.rows, audit.lost, dollarsOf(audit.adrift)];
    const cells = [...figures, `${Math.round(took / 1000)} s`].map((cell) => `${cell}`.padStart(WIDTH)).join('');
    const under = wrong.map((one) => `${' '.repeat(10)}${one}\n`).join('');
    return `${cells}  ${verdictOf(row)}${seen === '' ? '' : `: ${seen}`}\n${under}`;
  }

  get failed(): readonly Row[] {
    return this.#rows.filter(({ wrong }) => wrong.length > 0);
  }

  /** What all of it comes to. */
  get sum(): string {
    const tried = this.#rows.flatMap(({ audit, asked }) => (audit === undefined ? [] : [{ ...audit, asked }]));
    const total = (of: (row: (typeof tried)[number]) => number): number => tried.reduce((sum, row) => sum + of(row), 0);
    const [due, adrift] = [
      tried.reduce((sum, row) => sum + row.due, 0n),
      tried.reduce((sum, row) => sum + row.adrift, 0n),
    ];
    const minutes = this.#rows.reduce((sum, { took }) => sum + took, 0) / 60_000;
    const held = this.#rows.filter((row) => verdictOf(row) === 'held').length;
    const untried = this.#rows.filter((row) => verdictOf(row) === 'NOT TRIED').length;
    const others = untried === 0 ? '' : ` ${untried} could not be tried here.`;
    const failed = this.failed.map(({ name }) => `FAILED: ${name}\n`).join('');
    return `
${held} of ${this.#names.length} faults held, in ${minutes.toFixed(0)} min.${others}
${total(({ asked }) => asked)} requests were sent; the provider billed ${total(({ charges }) => charges)} of them, ${dollarsOf(due)} in all.
Lost: ${total(({ lost }) => lost)} requests, ${dollarsOf(adrift)}.
${failed}`;
  }
}

function verdictOf({ audit, wrong }: Row): 'held' | 'FAILED' | 'NOT TRIED' {
  if (wrong.length > 0) return 'FAILED';
  return audit === undefined ? 'NOT TRIED' : 'held';
}
