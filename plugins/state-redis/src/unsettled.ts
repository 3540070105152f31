/** Bills on their way to Redis: each is tried until it is posted, also after an outage. */
import { isGatewayError, type Posting, type SettleResult } from '@gatewright/core';

/** Posts a bill; rejects with `GW_STATE_UNAVAILABLE` where it should be tried again later. */
export type Post = (id: string, postings: readonly Posting[], reclaim: boolean) => Promise<SettleResult>;

interface Bill {
  readonly id: string;
  readonly postings: readonly Posting[];
  readonly reclaim: boolean;
  readonly resolve: (result: SettleResult) => void;
  readonly reject: (error: unknown) => void;
  /** It is under way now. */
  trying: boolean;
  /** Where it stands among the others. */
  at: number;
}

/** How many are posted at once after an outage. */
const AT_ONCE = 64;

export class Unsettled {
  readonly #post: Post;
  readonly #later: (task: () => void) => void;
  /** In no order. A set that changes with every bill would leave its old tables behind, and they keep what was in them. */
  readonly #bills: Bill[] = [];
  #emptied: (() => void)[] = [];
  #waiting = false;

  /** `later` runs a task after a while. */
  constructor(post: Post, later: (task: () => void) => void) {
    this.#post = post;
    this.#later = later;
  }

  get size(): number {
    return this.#bills.length;
  }

  get all(): readonly (readonly [id: string, postings: readonly Posting[]])[] {
    return this.#bills.map(({ id, postings }) => [id, postings]);
  }

  /** Resolves when the bill is posted, however long that takes. Rejects where it never will be. */
  settle(id: string, postings: readonly Posting[], reclaim: boolean): Promise<SettleResult> {
    return new Promise((resolve, reject) => {
      const bill: Bill = { id, postings, reclaim, resolve, reject, trying: false, at: this.#bills.length };
      this.#bills.push(bill);
      void this.#try(bill);
    });
  }

  /** Tries all that wait. */
  async flush(): Promise<void> {
    const waiting = this.#bills.filter(({ trying }) => !trying);
    for (let from = 0; from < waiting.length; from += AT_ONCE) {
      await Promise.all(waiting.slice(from, from + AT_ONCE).map((bill) => this.#try(bill)));
    }
  }

  /** Resolves when nothing is under way any more. */
  emptied(): Promise<void> {
    return this.#bills.length === 0 ? Promise.resolve() : new Promise((resolve) => this.#emptied.push(resolve));
  }

  /** Gives up what is still under way. */
  giveUp(error: unknown): void {
    for (const bill of this.#bills.splice(0)) bill.reject(error);
    this.#done();
  }

  #try(bill: Bill): Promise<void> {
    bill.trying = true;
    const posted = this.#post(bill.id, bill.postings, bill.reclaim);
    return posted.then(
      (result) => {
        bill.resolve(result);
        this.#forget(bill);
      },
      (error: unknown) => {
        bill.trying = false;
        if (isGatewayError(error) && error.code === 'GW_STATE_UNAVAILABLE') return this.#tryLater();
        bill.reject(error);
        this.#forget(bill);
      },
    );
  }

  #tryLater(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#later(() => {
      this.#waiting = false;
      void this.flush();
    });
  }

  /** The last one takes its place. */
  #forget(bill: Bill): void {
    if (this.#bills[bill.at] === bill) {
      const last = this.#bills.pop() as Bill;
      last.at = bill.at;
      if (last !== bill) this.#bills[bill.at] = last;
    }
    this.#done();
  }

  #done(): void {
    if (this.#bills.length > 0) return;
    const emptied = this.#emptied;
    this.#emptied = [];
    for (const resolve of emptied) resolve();
  }
}
