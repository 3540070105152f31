/** What a hold was granted on one counter. */
import type { Balance, ClaimWindow, Grant } from '@gatewright/core';
import { balanceOf, type Standing } from './standing.ts';

export class CountedGrant implements Grant {
  readonly #window: ClaimWindow;
  readonly #limit: bigint | undefined;
  readonly #part: string;
  readonly #standing: Standing;
  readonly #now: number;

  /** `standing`: with the hold in it. `now` is the state's time. */
  constructor(window: ClaimWindow, limit: bigint | undefined, part: string, standing: Standing, now: number) {
    this.#window = window;
    this.#limit = limit;
    this.#part = part;
    this.#standing = standing;
    this.#now = now;
  }

  get period(): string {
    return this.#window.kind === 'periods' ? this.#part : '';
  }

  /** Made when somebody asks. */
  get balance(): Balance {
    return balanceOf(this.#window, this.#part, this.#standing, this.#now, this.#limit);
  }
}
