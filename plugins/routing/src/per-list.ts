/** What holds for a list of targets, found out once: the lists of the configuration are the same arrays for every request. */
import type { Target } from '@gatewright/core';

export class PerList<T> {
  readonly #find: (targets: readonly Target[]) => T;
  #targets: readonly Target[] | undefined;
  #found: T | undefined;

  constructor(find: (targets: readonly Target[]) => T) {
    this.#find = find;
  }

  /** The last list is remembered: each model has its own. */
  of(targets: readonly Target[]): T {
    if (this.#targets !== targets) {
      this.#found = this.#find(targets);
      this.#targets = targets;
    }
    return this.#found as T;
  }
}
