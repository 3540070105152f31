/** The rows that reached the store lately: a state that was rebuilt meanwhile must be told of their bills. */
import type { Posting, RowOutcome, UsageRow } from '@gatewright/core';

/** How many are remembered; one takes about a kilobyte. */
const MOST = 10_000;

/** A row that the store had not had. */
interface Stored {
  readonly id: string;
  readonly postings: readonly Posting[];
  /** Unix milliseconds. */
  readonly time: number;
}

export class LateRows {
  #rows: Stored[] = [];

  /** Notes what became of rows. Those that others had brought, or had billed in this process's place, are known elsewhere. */
  note(rows: readonly UsageRow[], outcomes: readonly RowOutcome[], time: number): void {
    for (const [index, { id, type, postings }] of rows.entries()) {
      if (outcomes[index] !== 'new' || type !== 'final') continue;
      const budgets = postings.filter(({ kind, window }) => kind === 'budget' && window !== 'held');
      if (budgets.length > 0) this.#rows.push({ id, postings: budgets, time });
    }
    if (this.#rows.length > MOST) this.#rows = this.#rows.slice(-MOST / 2);
  }

  since(time: number): readonly Stored[] {
    return this.#rows.filter((row) => row.time >= time);
  }
}
