/** How much output answers usually have: learned from those of the same scope and target, else of the same target. */
import type { Attempt, AttemptOutcome } from './attempt.ts';
import { QuantileTable } from './quantile.ts';
import { outputTokens } from './usage.ts';

/** With fewer answers than these, nothing is learned yet. */
const ENOUGH = 20;
/** How many scopes and targets are remembered; one takes about 800 bytes. */
const MOST = 2000;

export class LearnedOutput {
  readonly #share: number;
  readonly #table = new QuantileTable(MOST);

  /** `share`: of the answers, how many shall have no more output than is expected; 0 to 1. */
  constructor(share: number) {
    this.#share = share;
  }

  /** Output tokens of an answer, for each candidate; undefined while too little is known. */
  expected(scope: string, { target }: Attempt): number | undefined {
    return this.#table.at([nameOf(scope, target.id), target.id], this.#share, ENOUGH);
  }

  /** Notes what an answer had. One that did not tell, or broke off, says nothing of how long answers are. */
  observe(scopes: Iterable<string>, { target, exchange }: Attempt, { usage, usageComplete }: AttemptOutcome): void {
    if (usage === undefined || !usageComplete) return;
    const tokens = Math.ceil(outputTokens(usage) / (exchange.size().candidates ?? 1));
    this.#table.observe(target.id, tokens);
    for (const scope of scopes) this.#table.observe(nameOf(scope, target.id), tokens);
  }
}

const nameOf = (scope: string, target: string): string => `${scope} ${target}`;
