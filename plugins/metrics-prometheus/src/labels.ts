/** Labels of series, of which there are never more than were foreseen. */

export type Labels = Readonly<Record<string, string>>;

/** What a label says where its value is one too many. */
const OTHER = 'other';

/** No text of a configuration or a header holds it. */
const SEPARATOR = '\0';

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

/**
 * What was made for a tuple of label values, found again by the tuple. When there are as many as the limit allows, every new
 * tuple is the one of {@link OTHER}: nobody can fill the memory of the gateway, or of Prometheus, with names.
 */
export class TupleCache<T> {
  readonly #limit: number;
  readonly #make: (values: readonly string[]) => T;
  readonly #made = new Map<string, T>();

  constructor(limit: number, make: (values: readonly string[]) => T) {
    this.#limit = limit;
    this.#make = make;
  }

  get(...values: string[]): T {
    return this.#made.get(values.join(SEPARATOR)) ?? this.#add(values);
  }

  #add(values: readonly string[]): T {
    const full = this.#made.size >= this.#limit;
    const tuple = full ? values.map(() => OTHER) : values;
    const key = tuple.join(SEPARATOR);
    let made = this.#made.get(key);
    if (made === undefined) {
      made = this.#make(tuple);
      this.#made.set(key, made);
    }
    return made;
  }
}
