/** Objects inside a request whose known fields stand elsewhere in the neutral form: what is left of them. */
import type { JsonObject, Rest } from '@gatewright/core';
import { hint, omit, restore, restFields } from './rest.ts';

/** Fields for the rest of the request: unknown ones under the object's own name, the shape under `$` and its name. */
export type Nested = Readonly<JsonObject>;

/** What is left of an object without its known fields. Its hint is there whenever the object was. */
export function nested(name: string, object: JsonObject, known: readonly string[]): Nested {
  const fields = restFields(object, omit(object, ...known));
  const unknown: JsonObject = {};
  const shape: JsonObject = {};
  for (const key of Object.keys(fields)) (key.startsWith('$') ? shape : unknown)[key] = fields[key];
  return Object.keys(unknown).length === 0 ? { [`$${name}`]: shape } : { [name]: unknown, [`$${name}`]: shape };
}

/** The object again; undefined where nothing is known of it and it was not there. */
export function restoreNested(name: string, known: JsonObject, rest: Rest | undefined): JsonObject | undefined {
  const shape = hint(rest, `$${name}`) as JsonObject | undefined;
  if (shape === undefined) return Object.keys(known).length === 0 ? undefined : known;
  return restore(known, { ...(hint(rest, name) as JsonObject | undefined), ...shape });
}
