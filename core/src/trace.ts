/** What `gatewright explain` gathers: which plugin did what at which hook, and what would have been sent. */
export interface TraceStep {
  readonly hook: string;
  readonly plugin: string;
  /** What came of it, in a few words for people. */
  readonly result: string;
  /** Milliseconds, waiting included. */
  readonly duration: number;
  /** Why, in the plugin's own words. */
  readonly notes?: readonly string[];
}

/** The call that a dry run ends before. */
export interface TracedCall {
  /** `provider/model`. */
  readonly target: string;
  /** What is sent to the provider, in this dialect. */
  readonly dialect: string;
  /** How the body came about: the client's own bytes, those with a few places edited, or written anew. */
  readonly body: 'untouched' | 'edited' | 'encoded';
  readonly bytes: Buffer;
  /** The client's headers that would go on to the provider; it adds its own. */
  readonly headers: Readonly<Record<string, string>>;
  /** The targets that would be tried after this one, in order. */
  readonly next: readonly string[];
}

export interface Trace {
  readonly steps: TraceStep[];
  /** What the tap that is running has to say of its step: it may put lines here, never contents of requests. */
  notes?: string[] | undefined;
  /** Undefined where the exchange ended before any target was called. */
  call?: TracedCall;
}

/** Adds a step, with the notes of the tap that it is of. */
export function addStep(trace: Trace, step: TraceStep): void {
  const { notes } = trace;
  trace.notes = undefined;
  trace.steps.push(notes === undefined ? step : { ...step, notes });
}

/** What a tap made of what it was given, in a few words: never contents, which may be private. */
export function describeResult(result: unknown, given: unknown): string {
  if (result === undefined || result === null) return 'nothing';
  if (result === given) return 'unchanged';
  if (Array.isArray(result)) return `${result.length} items`;
  if (typeof result !== 'object') return typeof result;
  if ('key' in result && typeof result.key === 'string') return `identity ${result.key}`;
  if ('targets' in result && Array.isArray(result.targets)) {
    return result.targets.map((target: { id?: string }) => target.id ?? '?').join(', ') || 'no targets';
  }
  if ('claims' in result && Array.isArray(result.claims)) return `${result.claims.length} claims`;
  if ('response' in result || 'body' in result) return 'an answer';
  return typeof given === 'object' && given !== null ? `changed ${changedKeys(result, given)}` : 'a value';
}

function changedKeys(result: object, given: object): string {
  const [after, before] = [result as Record<string, unknown>, given as Record<string, unknown>];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => before[key] !== after[key]).join(', ') || 'nothing';
}
