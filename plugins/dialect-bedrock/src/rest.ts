/**
 * What the neutral form has no field for: kept beside it, so that writing the same dialect again gives the same JSON.
 *
 * Keys of a `Rest` that start with `$` are hints about the JSON's shape, and mean nothing to another dialect:
 * - `$null`: the names of fields that were null;
 * - `$extra`: fields that another dialect may leave out without loss (`metrics`);
 * - `$absent`: the names of fields that this dialect always writes, and that were not there;
 * - others are said where they are used.
 */
import type { JsonObject, Rest } from '@gatewright/core';
import { CONVERSE } from './names.ts';

/** The rest that these fields make; undefined where there are none. */
export function restFrom(fields: JsonObject): Rest | undefined {
  for (const key in fields) if (fields[key] !== undefined) return { dialect: CONVERSE, fields };
  return undefined;
}

/** The fields of a rest: the unknown ones in `others`, and hints about the object that they stood in. */
export function restFields(source: JsonObject, others: JsonObject, hints: JsonObject = {}): JsonObject {
  const fields: JsonObject = {};
  const extra: [string, unknown][] = [];
  for (const key of Object.keys(others)) {
    if (others[key] === null) continue;
    // A client's own `$key` must not pass for a hint.
    if (key.startsWith('$')) extra.push([key, others[key]]);
    else fields[key] = others[key];
  }
  const nulls = Object.keys(source).filter((key) => source[key] === null);
  if (nulls.length > 0) fields['$null'] = nulls;
  for (const key of Object.keys(hints)) if (hints[key] !== undefined) fields[key] = hints[key];
  if (extra.length > 0) fields['$extra'] = { ...(hints['$extra'] as JsonObject), ...Object.fromEntries(extra) };
  return fields;
}

/** A rest as an optional member of a neutral object: `{ rest }`, or nothing. */
export function withRest(source: JsonObject, others: JsonObject, hints?: JsonObject): { readonly rest?: Rest } {
  const rest = restFrom(restFields(source, others, hints));
  return rest === undefined ? {} : { rest };
}

/** A rest as an optional member, for what stands in an object besides the members that are known. */
export function besides(source: JsonObject, known: readonly string[], hints?: JsonObject): { readonly rest?: Rest } {
  if (!isKnown(source, known)) return withRest(source, omit(source, ...known), hints);
  return hints === undefined ? {} : withRest({}, {}, hints);
}

/** Whether an object has no members but these, and none of them is null: then there is nothing to keep. */
function isKnown(source: JsonObject, known: readonly string[]): boolean {
  for (const key in source) if (source[key] === null || !known.includes(key)) return false;
  return true;
}

/** One hint or field of a rest of this dialect. */
export function hint(rest: Rest | undefined, key: string): unknown {
  return rest?.dialect === CONVERSE ? rest.fields[key] : undefined;
}

/** An object as it was: what is known, and behind it what the rest kept of it. What is known wins. */
export function restore(known: JsonObject, fields: Readonly<JsonObject> | undefined): JsonObject {
  if (fields === undefined) return known;
  const missing: [string, unknown][] = [];
  const add = (key: string, value: unknown): void => {
    if (!Object.hasOwn(known, key)) missing.push([key, value]);
  };
  for (const key of Object.keys(fields)) if (!key.startsWith('$')) add(key, fields[key]);
  const extra = (fields['$extra'] ?? {}) as JsonObject;
  for (const key of Object.keys(extra)) add(key, extra[key]);
  for (const key of (fields['$null'] ?? []) as string[]) add(key, null);
  const restored = missing.length === 0 ? known : { ...known, ...Object.fromEntries(missing) };
  for (const key of (fields['$absent'] ?? []) as string[]) delete restored[key];
  return restored;
}

/** An object without the members that are undefined. */
export function compact(object: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const key of Object.keys(object)) if (object[key] !== undefined) kept[key] = object[key];
  return kept;
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
