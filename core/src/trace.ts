/** What `gatewright explain` gathers: which plugin did what at which hook. */
export interface TraceStep {
  readonly hook: string;
  readonly plugin: string;
  /** What came of it, in a few words for people. */
  readonly result: string;
  /** Milliseconds, waiting included. */
  readonly duration: number;
}

export interface Trace {
  readonly steps: TraceStep[];
}
