/** Routes that know who is asked first before the others are in order. */
import type { Hedge, Route, Target } from './route.ts';

/** Most requests ask nobody but the first of their targets: the others are put in order when somebody looks at them. */
export abstract class LazyRoute implements Route {
  /** Its own and enumerable, so that `{ ...route, hedge }` has them as well: 0.15 µs. `first` is not, and stays behind. */
  static readonly #ALL: PropertyDescriptor & ThisType<LazyRoute> = {
    enumerable: true,
    get() {
      return this.#all();
    },
  };

  declare readonly targets: readonly Target[];
  declare readonly hedge?: Hedge;
  #first: Target | undefined;
  #targets: readonly Target[] | undefined;

  constructor() {
    Object.defineProperty(this, 'targets', LazyRoute.#ALL);
  }

  /** Who is asked first; undefined for nobody. Runs once, and not where all were put in order before. */
  protected abstract choose(): Target | undefined;

  /** All targets in order. Who has been chosen is put in front, wherever it stands in the answer. */
  protected abstract order(first: Target | undefined): readonly Target[];

  get first(): Target | undefined {
    return this.#targets === undefined ? (this.#first ??= this.choose()) : this.#targets[0];
  }

  #all(): readonly Target[] {
    return (this.#targets ??= inFront(this.#first, this.order(this.#first)));
  }
}

/** Who is asked first; of a lazy route the others are not put in order for it. */
export function firstOf(route: Route): Target | undefined {
  return route instanceof LazyRoute ? route.first : route.targets[0];
}

function inFront(first: Target | undefined, targets: readonly Target[]): readonly Target[] {
  if (first === undefined || targets[0] === first) return targets;
  return [first, ...targets.filter((target) => target !== first)];
}
