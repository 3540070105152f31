/** What follows from who asks for which model of which target: worked out once, and kept as long as the caller's identity is. */
import type { Attempt } from './attempt.ts';
import type { Exchange } from './exchange.ts';
import type { Identity } from './identity.ts';

/** Models, and targets of one, that are kept for one caller; where a client names more, they are worked out anew. */
const MOST = 200;

type Targets<T> = Map<string, T>;

export class PerCaller<T extends object> {
  readonly #workOut: (attempt: Attempt, exchange: Exchange) => T;
  readonly #callers = new WeakMap<Identity, Map<string, Targets<T>>>();

  /** The answer may depend on the identity, the model and the target, and on nothing else. */
  constructor(workOut: (attempt: Attempt, exchange: Exchange) => T) {
    this.#workOut = workOut;
  }

  of(attempt: Attempt, exchange: Exchange): T {
    const { identity, model } = exchange;
    const { id } = attempt.target;
    const models = this.#callers.get(identity);
    const targets = models?.get(model);
    const known = targets?.get(id);
    if (known !== undefined) return known;
    const made = this.#workOut(attempt, exchange);
    // What may still change must be looked at each time.
    if (Object.isFrozen(identity)) this.#keep(identity, models ?? new Map(), model, targets ?? new Map()).set(id, made);
    return made;
  }

  #keep(identity: Identity, models: Map<string, Targets<T>>, model: string, targets: Targets<T>): Targets<T> {
    if (models.size >= MOST) models.clear();
    if (targets.size >= MOST) targets.clear();
    this.#callers.set(identity, models);
    models.set(model, targets);
    return targets;
  }
}
