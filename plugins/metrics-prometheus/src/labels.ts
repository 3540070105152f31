/** Labels of series, of which there are never more than were foreseen. */

export type Labels = Readonly<Record<string, string>>;

/** What a label says where its value is one too many. */
const OTHER = 'other';

/** The names of labels that metrics of this plugin use themselves. */
export const OWN_LABELS: ReadonlySet<string> = new Set(
  ['operation', 'surface', 'model', 'status', 'result', 'stream', 'provider', 'class', 'code', 'plugin', 'hook'].concat(
    ['key', 'user', 'team', 'organisation', 'le'],
  ),
);

/** One text for one set of labels, whatever its values hold. */
export function seriesKey(labels: Labels): string {
  return JSON.stringify(Object.values(labels));
}

/** What follows a value in the tuples that begin alike: the values behind it, or what was made. */
type Branch<T> = Map<string, Branch<T> | T>;

/**
 * What was made for a tuple of label values, found again by the tuple. When there are as many as the limit allows, every new
 * tuple is the one of {@link OTHER}: nobody can fill the memory of the gateway, or of Prometheus, with names.
 */
export class TupleCache<T> {
  readonly #limit: number;
  readonly #make: (values: readonly string[]) => T;
  readonly #root: Branch<T> = new Map();
  #size = 0;

  constructor(limit: number, make: (values: readonly string[]) => T) {
    this.#limit = limit;
    this.#make = make;
  }

  /** All tuples of a cache have the same length. The array is not kept: it may be the same each time. */
  get(values: readonly string[]): T {
    // Value by value: one text for the whole tuple would be made, and hashed, for every look-up.
    let found: Branch<T> | T | undefined = this.#root;
    for (const value of values) {
      found = (found as Branch<T>).get(value);
      if (found === undefined) return this.#add(values);
    }
    return found as T;
  }

  #add(values: readonly string[]): T {
    const tuple = this.#size < this.#limit ? [...values] : values.map(() => OTHER);
    let branch = this.#root;
    for (const value of tuple.slice(0, -1)) {
      let next = branch.get(value) as Branch<T> | undefined;
      if (next === undefined) branch.set(value, (next = new Map()));
      branch = next;
    }
    const last = tuple[tuple.length - 1] as string;
    let made = branch.get(last) as T | undefined;
    if (made === undefined) {
      made = this.#make(tuple);
      branch.set(last, made);
      this.#size++;
    }
    return made;
  }
}
