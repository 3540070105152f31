/** Takes the members of JSON objects apart. */
import type { JsonObject } from '../dialect.ts';

/** The members of an object that are not among those named. */
export function omit(object: JsonObject, ...names: readonly string[]): JsonObject {
  const others: JsonObject = {};
  for (const key in object) {
    // As a name, `__proto__` would change the object instead of standing in it.
    if (!names.includes(key) && key !== '__proto__') others[key] = object[key];
  }
  return others;
}

/** An object without the members that are undefined. */
export function compact(object: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const key in object) if (object[key] !== undefined) kept[key] = object[key];
  return kept;
}

/** Whether an object has no members but these, and none of them is null: then there is nothing to keep of it. */
export function isKnown(object: JsonObject, known: readonly string[]): boolean {
  for (const key in object) if (object[key] === null || !known.includes(key)) return false;
  return true;
}
