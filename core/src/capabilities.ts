/** What a plugin says of itself, for the core and the conformance suites to hold against what it does. */
import type { HookName } from './hooks/checks.ts';

/** Nothing of it must be said; what is said must hold. A plugin may say more, in words of its own. */
export interface Capabilities {
  readonly [word: string]: unknown;
  /** The hooks that it may tap. Any other is refused at boot. */
  readonly hooks?: readonly HookName[];
  /** The operations that it serves, has dialects or taps for. At boot, any other is refused, and so is one that is missing. */
  readonly operations?: readonly string[];
  /** Operations that it serves besides, where its options say so. */
  readonly operationsIfConfigured?: readonly string[];
  /** Whether it can stream. Held by the suites of providers and dialects. */
  readonly streaming?: boolean;
  /**
   * How much it reads of what is asked and answered: nothing, bytes as they pass, or the neutral form. Taps that are given
   * the neutral form are refused at boot where it says less.
   */
  readonly reads?: 'none' | 'bytes' | 'neutral';
  /** Whether it changes requests or answers. Where it says no, a tap that gives something else back has failed. */
  readonly mutates?: boolean;
  /**
   * The hosts that it calls by itself, with `*` for any part of a name; those in its options may be called besides. Held by
   * the conformance suites, and where it is isolated: connections to others fail there.
   */
  readonly network?: readonly string[];
  /** Whether any of its options is a secret. Held by the conformance suites. */
  readonly secrets?: boolean;
}
