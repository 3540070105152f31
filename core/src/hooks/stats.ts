/** How often a tap ran, how long it took, how often it failed. */
export interface HookStats {
  readonly hook: string;
  readonly plugin: string;
  /** How many times the tap was run. */
  calls: number;
  /** How many of them failed. */
  errors: number;
  /** Milliseconds in all, waiting included. */
  time: number;
}
