/**
 * Remembers how an object was written, where the codec would write it differently though it means the same: content as
 * a string or as an array, an explicit null, a default that was sent along. What is written back is then what came in.
 *
 * Each entry has what the codec would write (`canonical`) and what stood there (`original`); a side that was absent is
 * left out. The original is used only while the codec would still write the same: once a transform has changed the
 * value, the entry no longer holds.
 */
import type { JsonObject, Rest } from '@gatewright/core';
import { isObject, own, sameJson } from './json-value.ts';
import { ownFields } from './rest.ts';

/** The key of the spelling in `rest.fields`. */
export const SPELLED = '$spelled';

/** The entries for an object, or undefined where it is written as the codec would write it. */
export function spellingOf(
  original: JsonObject,
  canonical: JsonObject,
  skip?: ReadonlySet<string>,
): JsonObject | undefined {
  const entries: JsonObject = {};
  for (const key of new Set([...Object.keys(original), ...Object.keys(canonical)])) {
    const came = own(original, key);
    const written = own(canonical, key);
    if (skip?.has(key) === true || key === '__proto__' || sameJson(came, written)) continue;
    const entry: JsonObject = {};
    if (written !== undefined) entry['canonical'] = written;
    if (came !== undefined) entry['original'] = came;
    entries[key] = entry;
  }
  return Object.keys(entries).length === 0 ? undefined : entries;
}

/** Writes an object as its spelling says. Changes the object. */
export function respell(canonical: JsonObject, entries: unknown): JsonObject {
  if (!isObject(entries)) return canonical;
  for (const key of Object.keys(entries)) {
    const entry = entries[key];
    if (!isObject(entry) || !sameJson(own(canonical, key), entry['canonical'])) continue;
    if (entry['original'] === undefined) delete canonical[key];
    else canonical[key] = entry['original'];
  }
  return canonical;
}

/** Writes an object as the spelling in its rest says. Changes the object. */
export function respellFrom(canonical: JsonObject, rest: Rest | undefined): JsonObject {
  return respell(canonical, ownFields(rest)[SPELLED]);
}
