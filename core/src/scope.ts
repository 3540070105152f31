/** The names of whose counters a budget or a limit is kept in: one vocabulary for all meters, stores and reports. */
import type { Attempt } from './attempt.ts';
import type { Exchange } from './exchange.ts';

/** Who or what something can be counted for. */
export const DIMENSIONS = [
  'global',
  'key',
  'user',
  'team',
  'organisation',
  'endUser',
  'tag',
  'model',
  'provider',
  'target',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Whether a dimension says something of the target; the others are the same whichever is called. */
export function isOfTarget(dimension: Dimension): boolean {
  return dimension === 'provider' || dimension === 'target';
}

/** The scopes, one for each combination; none where the caller has no such thing. */
export function scopesOf(dimensions: readonly Dimension[], attempt: Attempt, exchange: Exchange): readonly string[] {
  const [only] = dimensions;
  if (only !== undefined && dimensions.length === 1) return valuesOf(only, attempt, exchange);
  let scopes = [''];
  for (const dimension of dimensions) {
    const values = valuesOf(dimension, attempt, exchange);
    scopes = scopes.flatMap((scope) => values.map((value) => (scope === '' ? value : `${scope} ${value}`)));
  }
  return scopes;
}

/** `team:core`; spaces and percent signs in ids are escaped, so that no id can look like a combination. */
function valuesOf(dimension: Dimension, attempt: Attempt, exchange: Exchange): readonly string[] {
  const named = (value: string | undefined): readonly string[] =>
    value === undefined || value === '' ? [] : [`${dimension}:${escaped(value)}`];
  const { identity } = exchange;
  switch (dimension) {
    case 'global':
      return ['global'];
    case 'tag':
      return (identity.tags ?? []).flatMap(named);
    case 'model':
      return named(exchange.model);
    case 'provider':
      return named(attempt.target.provider);
    case 'target':
      return named(attempt.target.id);
    default:
      return named(identity[dimension]);
  }
}

function escaped(value: string): string {
  return /[ %]/.test(value) ? encodeURIComponent(value) : value;
}
