/**
 * Token counts in disjoint classes: each token is in exactly one of them, so that a price per class
 * can be multiplied and added without counting anything twice.
 */
export interface Usage {
  /** Input tokens neither read from nor written to a cache, and neither audio nor image where those are counted apart. */
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  /** Output tokens that are not reasoning, audio or images. */
  readonly output: number;
  readonly reasoning: number;
  readonly audioInput: number;
  readonly audioOutput: number;
  readonly imageInput: number;
  readonly imageOutput: number;
  /** What the provider counts besides tokens. */
  readonly units?: UsageUnits;
  /** The provider's own block, untouched, with the dialect that it is in. */
  readonly raw?: { readonly dialect: string; readonly value: Readonly<Record<string, unknown>> };
}

/** Counts that are no tokens; those are set that the provider bills by. */
export interface UsageUnits {
  /** Queries of a rerank, each over as many documents as the provider counts as one. */
  readonly searches?: number;
  /** Searches of the web that the provider made for the answer. */
  readonly webSearches?: number;
  readonly images?: number;
  /** Of sound. */
  readonly seconds?: number;
  readonly characters?: number;
}

/** Usage with nothing counted yet. */
export const NO_USAGE: Usage = Object.freeze({
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  audioInput: 0,
  audioOutput: 0,
  imageInput: 0,
  imageOutput: 0,
});

/** All tokens that went into the model. */
export function inputTokens(usage: Usage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h + usage.audioInput + usage.imageInput;
}

/** All tokens that came out of the model. */
export function outputTokens(usage: Usage): number {
  return usage.output + usage.reasoning + usage.audioOutput + usage.imageOutput;
}
