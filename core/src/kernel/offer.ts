/** A route as the configuration gives it: the taps may take of it, and add nothing. */
import { LazyRoute } from '../lazy-route.ts';
import type { Target } from '../route.ts';
import { drawn, drawnFirst, type Random } from './draw.ts';

export class Offer extends LazyRoute {
  readonly #lists: readonly (readonly Target[])[];
  readonly #random: Random;

  constructor(lists: readonly (readonly Target[])[], random: Random) {
    super();
    this.#lists = lists;
    this.#random = random;
  }

  /**
   * The targets of the model, then those of each of its fallbacks, as the configuration lists them: the same arrays for every
   * request, so that what holds for a list has to be found out once.
   */
  get lists(): readonly (readonly Target[])[] {
    return this.#lists;
  }

  /** Whether it was offered: a model may have a hundred targets, and every request asks. */
  has(target: Target): boolean {
    return this.#lists.some((list) => membersOf(list).has(target));
  }

  protected override choose(): Target | undefined {
    const own = this.#lists.find(({ length }) => length > 0);
    return own && drawnFirst(own, this.#random);
  }

  protected override order(): readonly Target[] {
    const [own = [], ...others] = this.#lists;
    const targets = drawn(own, this.#random);
    for (const list of others) targets.push(...drawn(list, this.#random));
    return targets;
  }
}

const known = new WeakMap<readonly Target[], ReadonlySet<Target>>();

function membersOf(targets: readonly Target[]): ReadonlySet<Target> {
  let members = known.get(targets);
  if (members === undefined) known.set(targets, (members = new Set(targets)));
  return members;
}
