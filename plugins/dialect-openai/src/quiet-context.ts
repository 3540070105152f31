/** An encode context for looking at what the codec would write: nothing is refused and nothing is noted. */
import type { EncodeContext } from '@gatewright/core';

export const QUIET: EncodeContext = { model: '', unsupported: () => {}, warn: () => {} };
