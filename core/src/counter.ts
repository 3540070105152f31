/** Which claims are on the same counter. */
import type { Counter } from './state.ts';

export function isSameCounter(a: Counter, b: Counter): boolean {
  const one = a.window;
  const other = b.window;
  return a.scope === b.scope && a.unit === b.unit && one.kind === other.kind && one.name === other.name;
}
