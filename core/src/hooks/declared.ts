/** Says what of a tap or an operation its plugin has not declared. */
import type { Capabilities } from '../capabilities.ts';
import type { HookName } from './checks.ts';

/** Hooks that are given the neutral form. */
const NEUTRAL: ReadonlySet<string> = new Set([
  'transform.request',
  'transform.event',
  'transform.response',
  'call.answer',
]);

/** Undefined where the hook may be tapped. */
export function undeclaredTap(supports: Capabilities | undefined, hook: HookName): string | undefined {
  const { hooks, reads } = supports ?? {};
  if (hooks !== undefined && !hooks.includes(hook)) {
    return `\`supports.hooks\` does not name it (it names ${hooks.join(', ') || 'none'})`;
  }
  if (reads !== undefined && reads !== 'neutral' && NEUTRAL.has(hook)) {
    return `\`supports.reads\` says "${reads}", and this hook reads the neutral form`;
  }
  return undefined;
}

/** Undefined where the operation may be served. */
export function undeclaredOperation(supports: Capabilities | undefined, operation: string): string | undefined {
  const { operations, operationsIfConfigured = [] } = supports ?? {};
  if (operations === undefined || [...operations, ...operationsIfConfigured].includes(operation)) return undefined;
  return `\`supports.operations\` does not name the operation ${operation}`;
}
