/** The dialect in which a provider serves a target: the client's own where it speaks that, else the first that it speaks. */
import type { Dialect } from '../dialect.ts';
import type { ProviderOperation } from '../hooks/points.ts';
import type { ProviderEntry } from '../hooks/registry.ts';
import type { Operation } from '../operations.ts';

/** The provider that serves a target, and how it serves this operation. */
export interface Service {
  readonly provider: ProviderEntry;
  readonly operation: ProviderOperation;
  readonly dialect: Dialect;
}

/** Undefined where the provider serves the operation for this model of its in no dialect that is registered. */
export function chooseService(
  { dialects }: { readonly dialects: ReadonlyMap<string, Dialect> },
  provider: ProviderEntry,
  name: Operation,
  model: string,
  client: Dialect | undefined,
): Service | undefined {
  let first: Service | undefined;
  for (const operation of provider.operations.get(name) ?? []) {
    const dialect = dialects.get(operation.dialect);
    if (dialect === undefined || operation.serves?.(model) === false) continue;
    if (dialect === client) return { provider, operation, dialect };
    first ??= { provider, operation, dialect };
  }
  return first;
}
