/** The rows that reached the store lately: a state that was rebuilt meanwhile must be told of their bills. */
import { usageRowFromJson, usageRowsIn, type Posting, type RowOutcome } from '@gatewright/core';

/** How many are remembered; one takes about a kilobyte. */
const MOST = 10_000;

/** Rows that came to the store together. They stay bytes: hardly ever does anybody ask for them. */
interface Batch {
  readonly lines: Uint8Array;
  readonly outcomes: readonly RowOutcome[];
  /** Unix milliseconds. */
  readonly time: number;
}

export class LateRows {
  readonly #batches: Batch[] = [];
  #rows = 0;

  /** Notes what became of rows; copies them. */
  note(lines: Uint8Array, outcomes: readonly RowOutcome[], time: number): void {
    this.#batches.push({ lines: new Uint8Array(lines), outcomes, time });
    this.#rows += outcomes.length;
    while (this.#rows > MOST) this.#rows -= this.#batches.shift()?.outcomes.length ?? MOST;
  }

  /** What budgets were billed since a moment, Unix milliseconds, by rows that the store had not had: of others they are known elsewhere. */
  since(time: number): readonly { readonly id: string; readonly postings: readonly Posting[] }[] {
    const batches = this.#batches.filter((one) => one.time >= time);
    const added = batches.flatMap(({ lines, outcomes }) =>
      usageRowsIn(lines).filter((_row, index) => outcomes[index] === 'new'),
    );
    return added.map(usageRowFromJson).flatMap(({ id, type, postings }) => {
      const budgets = postings.filter(({ kind, window }) => kind === 'budget' && window !== 'held');
      return type === 'final' && budgets.length > 0 ? [{ id, postings: budgets }] : [];
    });
  }
}
