/** The route that the plugin answers with: who is first is chosen, the others are put in order when somebody looks at them. */
import { LazyRoute, type Hedge, type Target } from '@gatewright/core';

export class Choice extends LazyRoute {
  declare readonly hedge?: Hedge;
  readonly #first: Target;
  readonly #order: (first: Target) => readonly Target[];

  constructor(first: Target, order: (first: Target) => readonly Target[], hedge: Hedge | undefined) {
    super();
    this.#first = first;
    this.#order = order;
    // A single target has nobody who could be asked besides it.
    if (hedge !== undefined && this.targets.length > 1) this.hedge = hedge;
  }

  protected override choose(): Target {
    return this.#first;
  }

  protected override order(): readonly Target[] {
    return this.#order(this.#first);
  }
}
