/** The order of targets. */
import type { Target } from '@gatewright/core';

/** The targets of a provider in front of all others; otherwise the order stays. */
export function withFirst(targets: readonly Target[], provider: string): Target[] {
  const isFirst = (target: Target): boolean => target.provider === provider;
  return [...targets.filter(isFirst), ...targets.filter((target) => !isFirst(target))];
}
