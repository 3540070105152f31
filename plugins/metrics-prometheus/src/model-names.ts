/** Which model names may become labels. */

/** What the label says of a name that is not known to be configured. */
const UNKNOWN = 'unknown';

/** What the label says where the operation has no model, or the request was refused before it was read. */
const NONE = 'none';

/**
 * A client can send any name, so a name becomes a label only once a target has been called for it: then it is one of the
 * configuration.
 */
export class ModelNames {
  readonly #proven = new Set<string>();

  /** The label for a model that was asked for; `called` says whether a target was called for it. */
  label(model: string, called: boolean): string {
    if (model === '') return NONE;
    if (this.#proven.has(model)) return model;
    if (!called) return UNKNOWN;
    this.#proven.add(model);
    return model;
  }
}
