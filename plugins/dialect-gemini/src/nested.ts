/** Objects inside a request whose known fields stand elsewhere in the neutral form: what is left of them. */
import type { JsonObject, Rest } from '@gatewright/core';
import { note, omit, restFields, restore } from './rest.ts';

/** Fields for the rest of the request: unknown ones under the object's own name, notes under `$` and its name. */
export function nested(name: string, object: JsonObject, known: readonly string[], notes: JsonObject = {}): JsonObject {
  const fields = restFields(omit(object, ...known), notes);
  const unknown: JsonObject = {};
  const shape: JsonObject = {};
  for (const key of Object.keys(fields)) (key.startsWith('$') ? shape : unknown)[key] = fields[key];
  return Object.keys(unknown).length === 0 ? { [`$${name}`]: shape } : { [name]: unknown, [`$${name}`]: shape };
}

/** The object again; undefined where nothing is known of it and it was not there. */
export function restoreNested(name: string, known: JsonObject, rest: Rest | undefined): JsonObject | undefined {
  const shape = note(rest, `$${name}`) as JsonObject | undefined;
  if (shape === undefined) return Object.keys(known).length === 0 ? undefined : known;
  return restore(known, { ...(note(rest, name) as JsonObject | undefined), ...shape });
}

/** One note on a nested object. */
export function nestedNote(name: string, rest: Rest | undefined, key: string): unknown {
  return (note(rest, `$${name}`) as JsonObject | undefined)?.[key];
}
