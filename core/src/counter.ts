/** Which claims are on the same counter. */
import type { Counter } from './state.ts';

export function isSameCounter(a: Counter, b: Counter): boolean {
  // Units and kinds are a few constants, which are told apart without reading them.
  if (a.unit !== b.unit || a.window.kind !== b.window.kind) return false;
  return a.scope === b.scope && a.window.name === b.window.name;
}
