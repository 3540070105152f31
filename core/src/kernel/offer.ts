/** A route as the configuration gives it: the taps may take of it, and add nothing. */
import type { Route, Target } from '../route.ts';

export class Offer implements Route {
  readonly targets: readonly Target[];
  readonly #sources: readonly (readonly Target[])[];

  /** `targets` are all those of the `sources`, which are lists of the configuration and live as long as it does. */
  constructor(targets: readonly Target[], sources: readonly (readonly Target[])[]) {
    this.targets = targets;
    this.#sources = sources;
  }

  /** The first that is not among the targets: a model may have a hundred of them, and every request asks. */
  stranger(chosen: readonly Target[]): Target | undefined {
    const sources = this.#sources.map(membersOf);
    return chosen.find((target) => !sources.some((members) => members.has(target)));
  }
}

const known = new WeakMap<readonly Target[], ReadonlySet<Target>>();

function membersOf(targets: readonly Target[]): ReadonlySet<Target> {
  let members = known.get(targets);
  if (members === undefined) known.set(targets, (members = new Set(targets)));
  return members;
}
