/**
 * What the neutral form has no field for: kept beside it, so that writing the same dialect again gives the same JSON.
 *
 * Keys of a `Rest` that start with `$` are notes on the JSON's form, and mean nothing to another dialect:
 * - `$extra`: fields that another dialect may leave out without loss (`avgLogprobs`);
 * - `$absent`: the names of fields that this dialect always writes, and that were not there;
 * - others are said where they are used.
 */
import type { JsonObject, Rest } from '@gatewright/core';
import { GENERATE } from './names.ts';

/** A rest as an optional member of a neutral object: `{ rest }`, or nothing where there is nothing to keep. */
export function withRest(others: JsonObject, notes: JsonObject = {}): { readonly rest?: Rest } {
  const fields = restFields(others, notes);
  for (const _ in fields) return { rest: { dialect: GENERATE, fields } };
  return {};
}

/** The fields of a rest: unknown ones under their own names, and notes. */
export function restFields(others: JsonObject, notes: JsonObject = {}): JsonObject {
  const fields: JsonObject = {};
  let extra: JsonObject | undefined;
  for (const key in others) {
    if (others[key] === undefined) continue;
    // A client's own `$key` must not pass for a note.
    if (key.startsWith('$')) (extra ??= {})[key] = others[key];
    else fields[key] = others[key];
  }
  for (const key in notes) if (notes[key] !== undefined) fields[key] = notes[key];
  if (extra !== undefined) fields['$extra'] = { ...(fields['$extra'] as JsonObject | undefined), ...extra };
  return fields;
}

/** One note or field of a rest of this dialect. */
export function note(rest: Rest | undefined, key: string): unknown {
  return rest?.dialect === GENERATE ? rest.fields[key] : undefined;
}

/** An object as it was: what is known, and behind it what the rest kept of it. What is known wins. */
export function restore(known: JsonObject, fields: Readonly<JsonObject> | undefined): JsonObject {
  if (fields === undefined) return known;
  const restored: JsonObject = { ...known };
  const add = (from: Readonly<JsonObject>, notes: boolean): void => {
    for (const key of Object.keys(from)) {
      if ((notes || !key.startsWith('$')) && !Object.hasOwn(restored, key)) restored[key] = from[key];
    }
  };
  add(fields, false);
  add((fields['$extra'] ?? {}) as JsonObject, true);
  for (const key of (fields['$absent'] ?? []) as string[]) delete restored[key];
  return restored;
}

/** An object without the members that are undefined. */
export function compact(object: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const key in object) if (object[key] !== undefined) kept[key] = object[key];
  return kept;
}

const NONE: JsonObject = Object.freeze({});

/** The members of an object besides those that are known. Most objects have none. */
export function besidesKnown(object: JsonObject, known: readonly string[]): JsonObject {
  for (const key in object) if (!known.includes(key)) return omit(object, ...known);
  return NONE;
}

/** The members of an object that are not among those named. */
export function omit(object: JsonObject, ...names: readonly string[]): JsonObject {
  const others: JsonObject = {};
  for (const key of Object.keys(object)) {
    // As a name, `__proto__` would change the object instead of standing in it.
    if (!names.includes(key) && key !== '__proto__') others[key] = object[key];
  }
  return others;
}
