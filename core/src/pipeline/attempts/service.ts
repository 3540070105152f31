/** The dialect in which a provider serves a target: the client's own where it speaks that, else the first that it speaks. */
import type { Dialect } from '../../dialect.ts';
import type { ProviderOperation } from '../../hooks/points.ts';
import type { ProviderEntry } from '../../hooks/registry.ts';
import type { Operation } from '../../operations.ts';

/** The provider that serves a target, and how it serves this operation. */
export interface Service {
  readonly provider: ProviderEntry;
  readonly operation: ProviderOperation;
  readonly dialect: Dialect;
  /** What the target is asked for: the exchange's operation, or one that stands in for it. */
  readonly asked: Operation;
}

/** What is asked of a target that does not serve the operation itself: who only chats can continue a text all the same. */
const STAND_INS: { readonly [O in Operation]?: Operation } = { completions: 'chat' };

/** Undefined where the provider serves the operation for this model of its in no dialect that is registered. */
export function chooseService(
  { dialects }: { readonly dialects: ReadonlyMap<string, Dialect> },
  provider: ProviderEntry,
  name: Operation,
  model: string,
  client: Dialect | undefined,
): Service | undefined {
  const standIn = STAND_INS[name];
  const service = serviceFor(dialects, provider, name, model, client);
  return service ?? (standIn === undefined ? undefined : serviceFor(dialects, provider, standIn, model, client));
}

function serviceFor(
  dialects: ReadonlyMap<string, Dialect>,
  provider: ProviderEntry,
  asked: Operation,
  model: string,
  client: Dialect | undefined,
): Service | undefined {
  let first: Service | undefined;
  for (const operation of provider.operations.get(asked) ?? []) {
    const dialect = dialects.get(operation.dialect);
    if (dialect === undefined || operation.serves?.(model) === false) continue;
    if (dialect === client) return { provider, operation, dialect, asked };
    first ??= { provider, operation, dialect, asked };
  }
  return first;
}
