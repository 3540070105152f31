/** What the neutral form has no field for, kept beside it in this dialect's name: unknown fields, and notes on the form. */
import type { JsonObject, Rest } from '@gatewright/core';
import { keeperOf, omit, restFields as fieldsOf } from '@gatewright/core/wire';
import { GENERATE } from './names.ts';

export { compact, nested, omit, restore } from '@gatewright/core/wire';

export const keeper = keeperOf(GENERATE);

export const { hint: note, restoreNested } = keeper;

/** A rest as an optional member of a neutral object: `{ rest }`, or nothing where there is nothing to keep. */
export function withRest(others: JsonObject, notes?: JsonObject): { readonly rest?: Rest } {
  return keeper.withRest(others, others, notes);
}

/** The fields of a rest: unknown ones under their own names, and notes. */
export function restFields(others: JsonObject, notes?: JsonObject): JsonObject {
  return fieldsOf(others, others, notes);
}

const NONE: JsonObject = Object.freeze({});

/** The members of an object besides those that are known. Most objects have none. */
export function besidesKnown(object: JsonObject, known: readonly string[]): JsonObject {
  for (const key in object) if (!known.includes(key)) return omit(object, ...known);
  return NONE;
}

/** One note on a nested object. */
export function nestedNote(name: string, rest: Rest | undefined, key: string): unknown {
  return (note(rest, `$${name}`) as JsonObject | undefined)?.[key];
}
