/** The rows that reached the store lately: a state that was rebuilt meanwhile must be told of their bills. */
import { usageRowFromJson, type Posting, type RowOutcome } from '@gatewright/core';

/** How many are remembered; one takes about a kilobyte. */
const MOST = 10_000;

/** A row that the store had not had. */
interface Stored {
  readonly row: string;
  /** Unix milliseconds. */
  readonly time: number;
}

export class LateRows {
  #rows: Stored[] = [];

  /** Notes what became of rows. Those that others had brought, or had billed in this process's place, are known elsewhere. */
  note(rows: readonly string[], outcomes: readonly RowOutcome[], time: number): void {
    for (const [index, row] of rows.entries()) if (outcomes[index] === 'new') this.#rows.push({ row, time });
    if (this.#rows.length > MOST) this.#rows = this.#rows.slice(-MOST / 2);
  }

  /** What budgets were billed since a moment, Unix milliseconds. */
  since(time: number): readonly { readonly id: string; readonly postings: readonly Posting[] }[] {
    const rows = this.#rows.filter((one) => one.time >= time).map(({ row }) => usageRowFromJson(row));
    return rows.flatMap(({ id, type, postings }) => {
      const budgets = postings.filter(({ kind, window }) => kind === 'budget' && window !== 'held');
      return type === 'final' && budgets.length > 0 ? [{ id, postings: budgets }] : [];
    });
  }
}
