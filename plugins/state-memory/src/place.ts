/** Where one claim is counted, how it stood there, and how much of it is held: what a hold is made of, and what is granted for it. */
import type { Balance, Claim, Grant, Posting } from '@gatewright/core';
import type { Counter, Part } from './counter.ts';
import type { Hold } from './holds.ts';

export class Place implements Grant {
  readonly claim: Claim;
  readonly counter: Counter;
  readonly part: Part;
  /** How the counter stood before. */
  readonly spent: bigint;
  readonly reserved: bigint;
  readonly resetsAt: number | undefined;
  /** What is claimed, then held; grows where the hold is extended. */
  amount: bigint;
  /** The hold that it is a part of, once that is taken. */
  hold: Hold | undefined = undefined;

  constructor(
    claim: Claim,
    counter: Counter,
    part: Part,
    spent: bigint,
    reserved: bigint,
    resetsAt: number | undefined,
  ) {
    this.claim = claim;
    this.counter = counter;
    this.part = part;
    this.spent = spent;
    this.reserved = reserved;
    this.resetsAt = resetsAt;
    this.amount = claim.amount;
  }

  get fits(): boolean {
    const { limit } = this.claim;
    return limit === undefined || this.spent + this.reserved + this.amount <= limit;
  }

  /** How the counter stood, without the amount. */
  get before(): Balance {
    return balanceOf(this, this.reserved);
  }

  /** How the counter stands with the amount in it. Made when somebody asks. */
  get balance(): Balance {
    return balanceOf(this, this.reserved + this.amount);
  }

  get period(): string {
    return this.counter.kind === 'periods' ? (this.part.id as string) : '';
  }

  take(): void {
    this.part.reserved += this.amount;
    this.part.holds++;
  }

  enlarge(more: bigint): void {
    this.amount += more;
    this.part.reserved += more;
  }

  release(): void {
    this.part.reserved -= this.amount;
    this.part.holds--;
  }

  /** Whether a posting is to the counter that this holds something in. */
  isFor({ scope, unit, window, name }: Posting): boolean {
    const { claim, counter } = this;
    return counter.unit === unit && counter.kind === window && counter.name === name && claim.scope === scope;
  }

  /** The bill of what is held, with nothing on it yet. */
  posting(): Posting {
    const { amount, period, counter } = this;
    const { scope, unit, kind } = this.claim;
    return { scope, unit, window: counter.kind, name: counter.name, period, kind, held: amount, actual: 0n };
  }
}

function balanceOf({ spent, resetsAt, claim: { limit } }: Place, reserved: bigint): Balance {
  const balance: { -readonly [K in keyof Balance]: Balance[K] } = { spent, reserved };
  if (limit !== undefined) balance.limit = limit;
  if (resetsAt !== undefined) balance.resetsAt = resetsAt;
  return balance;
}
