/** The headers of a call to a provider. */
import type { Attempt } from '../attempt.ts';

type Headers = Record<string, string>;

/** What must not come from the client where nothing else is said. */
const AUTHORIZATION: readonly string[] = ['authorization'];

/** The headers that a configuration fixes, with names in lower case: those of its `headers`, and over them what else is there. */
export function fixedHeaders(
  headers: Readonly<Headers>,
  more: Readonly<Record<string, string | undefined>> = {},
): Headers {
  const fixed: Headers = {};
  for (const [name, value] of Object.entries(headers)) fixed[name.toLowerCase()] = value;
  for (const [name, value] of Object.entries(more)) if (value !== undefined) fixed[name] = value;
  return fixed;
}

/**
 * The headers of a call: those of the attempt, and over them those that are fixed. `own` names headers that only the
 * configuration may set: a credential of the client must not go on, also where the API wants none.
 */
export function sentHeaders({ headers }: Attempt, fixed: Readonly<Headers>, own = AUTHORIZATION): Headers {
  const sent: Headers = { 'user-agent': 'gatewright/0.1.0', ...headers, ...fixed };
  for (const name of own) if (fixed[name] === undefined) delete sent[name];
  return sent;
}
