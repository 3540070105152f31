/** What follows from who asks for which model of which target: worked out once, and kept as long as the caller's identity is. */
import type { Attempt } from './attempt.ts';
import type { Exchange } from './exchange.ts';
import type { Identity } from './identity.ts';
import { DIMENSIONS, isOfTarget, type Dimension } from './scope.ts';

/** Models, and targets of one, that are kept for one caller; where a client names more, they are worked out anew. */
const MOST = 200;

export class PerCaller<T extends object> {
  readonly #workOut: (attempt: Attempt, exchange: Exchange) => T;
  readonly #goesByTarget: boolean;
  readonly #callers = new WeakMap<Identity, Map<string, Map<string, T>>>();

  /**
   * The answer may depend on the identity, the model and, where one of the `dimensions` says something of it, the target, and on
   * nothing else. One that is the same for all targets is kept once, not a hundred times for each of thousands of callers.
   */
  constructor(workOut: (attempt: Attempt, exchange: Exchange) => T, dimensions: readonly Dimension[] = DIMENSIONS) {
    this.#workOut = workOut;
    this.#goesByTarget = dimensions.some(isOfTarget);
  }

  of(attempt: Attempt, exchange: Exchange): T {
    const { identity, model } = exchange;
    const id = this.#goesByTarget ? attempt.target.id : '';
    const known = this.#callers.get(identity)?.get(model)?.get(id);
    if (known !== undefined) return known;
    const made = this.#workOut(attempt, exchange);
    // What may still change must be looked at each time.
    if (Object.isFrozen(identity)) this.#targetsOf(identity, model).set(id, made);
    return made;
  }

  #targetsOf(identity: Identity, model: string): Map<string, T> {
    let models = this.#callers.get(identity);
    if (models === undefined) this.#callers.set(identity, (models = new Map<string, Map<string, T>>()));
    let targets = models.get(model);
    if (targets === undefined || targets.size >= MOST) {
      if (models.size >= MOST) models.clear();
      models.set(model, (targets = new Map<string, T>()));
    }
    return targets;
  }
}
