/** How many calls to each target are under way from this process. */
import type { Attempt } from '@gatewright/core';

export class Busy {
  readonly #counts = new Map<string, number>();
  /** The attempts of exchanges under way that have begun, and not ended. */
  readonly #begun = new Map<string, Attempt[]>();

  of(target: string): number {
    return this.#counts.get(target) ?? 0;
  }

  /** An attempt asks to be made. Whether it is refused is not told: those of the same exchange that came to nothing are found here. */
  begin(attempt: Attempt): void {
    const { exchange, target } = attempt;
    // One that is only explained is never made, and never over.
    if (exchange.trace !== undefined) return;
    const others = this.#begun.get(exchange.id);
    this.#count(target.id, 1);
    if (others === undefined) {
      this.#begun.set(exchange.id, [attempt]);
      return;
    }
    for (const other of others.filter((one) => !exchange.attempts.includes(one))) this.end(other);
    const still = this.#begun.get(exchange.id);
    if (still === undefined) this.#begun.set(exchange.id, [attempt]);
    else still.push(attempt);
  }

  /** An attempt is over. A second time changes nothing. */
  end(attempt: Attempt): void {
    const { id } = attempt.exchange;
    const begun = this.#begun.get(id);
    const at = begun?.indexOf(attempt) ?? -1;
    if (begun === undefined || at < 0) return;
    this.#count(attempt.target.id, -1);
    // Emptied in any case: tables that the map has outgrown live on for a while, and would keep the exchange.
    begun.splice(at, 1);
    if (begun.length === 0) this.#begun.delete(id);
  }

  /** An exchange is over, and all its attempts with it. */
  over(exchange: string): void {
    const begun = this.#begun.get(exchange);
    if (begun === undefined) return;
    this.#begun.delete(exchange);
    for (const { target } of begun.splice(0)) this.#count(target.id, -1);
  }

  #count(target: string, by: number): void {
    const count = (this.#counts.get(target) ?? 0) + by;
    if (count > 0) this.#counts.set(target, count);
    else this.#counts.delete(target);
  }
}
