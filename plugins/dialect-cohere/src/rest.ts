/**
 * What the neutral form has no field for: kept beside it, so that writing the same dialect again gives the same JSON.
 *
 * Keys of a `Rest` that start with `$` are hints about the JSON's shape, and mean nothing to another dialect:
 * - `$null`: the names of fields that were null;
 * - `$extra`: fields that another dialect may leave out without loss (`safety_mode: "CONTEXTUAL"`, which is the default);
 * - `$absent`: the names of fields that this dialect always writes, and that were not there;
 * - others are said where they are used.
 */
import type { JsonObject, Rest } from '@gatewright/core';
import { CHAT, isOwn } from './names.ts';

/** The fields of a rest: the unknown ones in `others`, and hints about the object that they stood in. */
export function restFields(source: JsonObject, others: JsonObject, hints: JsonObject = {}): JsonObject {
  const fields: JsonObject = {};
  let extra: JsonObject | undefined;
  for (const key in others) {
    if (others[key] === null) continue;
    // A client's own `$key` must not pass for a hint.
    if (key.startsWith('$')) (extra ??= {})[key] = others[key];
    else fields[key] = others[key];
  }
  let nulls: string[] | undefined;
  for (const key in source) if (source[key] === null) (nulls ??= []).push(key);
  if (nulls !== undefined) fields['$null'] = nulls;
  for (const key in hints) if (hints[key] !== undefined) fields[key] = hints[key];
  if (extra !== undefined) fields['$extra'] = { ...(hints['$extra'] as JsonObject), ...extra };
  return fields;
}

/** A rest as an optional member of a neutral object: `{ rest }`, or nothing. */
export function withRest(
  source: JsonObject,
  others: JsonObject,
  hints?: JsonObject,
  dialect: string = CHAT,
): { readonly rest?: Rest } {
  const fields = restFields(source, others, hints);
  for (const _ in fields) return { rest: { dialect, fields } };
  return {};
}

/** A rest as an optional member, for what stands in an object besides the members that are known. */
export function besides(source: JsonObject, known: readonly string[], hints?: JsonObject): { readonly rest?: Rest } {
  if (!isKnown(source, known)) return withRest(source, omit(source, ...known), hints);
  return hints === undefined ? {} : withRest({}, {}, hints);
}

/** Whether an object has no members but these, and none of them is null: then there is nothing to keep. */
export function isKnown(source: JsonObject, known: readonly string[]): boolean {
  for (const key in source) if (source[key] === null || !known.includes(key)) return false;
  return true;
}

/** Extra fields as a hint: undefined where there are none. */
export function extra(fields: JsonObject): JsonObject | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields;
}

/** One hint or field of a rest of this plugin's dialects. */
export function hint(rest: Rest | undefined, key: string): unknown {
  return isOwn(rest?.dialect) ? rest?.fields[key] : undefined;
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
