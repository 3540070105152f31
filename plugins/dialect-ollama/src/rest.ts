/**
 * What the neutral form has no field for, kept beside it. Keys that start with `$` are notes that mean nothing to another
 * dialect and may be left out without loss; the others change the answer.
 */
import type { EncodeContext, JsonObject, Rest } from '@gatewright/core';
import { compact } from '@gatewright/core/wire';
import { CHAT } from './names.ts';

export { compact };

/** The members of an object that are not among those named. */
export function omit(object: JsonObject, names: ReadonlySet<string>): JsonObject {
  const others: JsonObject = {};
  for (const key of Object.keys(object)) {
    // As a name, `__proto__` would change the object instead of standing in it.
    if (!names.has(key) && key !== '__proto__') others[key] = object[key];
  }
  return others;
}

/** A rest as an optional member of a neutral object. */
export function withRest(fields: JsonObject): { readonly rest?: Rest } {
  for (const key in fields) if (fields[key] !== undefined) return { rest: { dialect: CHAT, fields: compact(fields) } };
  return {};
}

/** A field or a note of a rest of this dialect. */
export function note(rest: Rest | undefined, key: string): unknown {
  return rest?.dialect === CHAT ? rest.fields[key] : undefined;
}

const NOTHING: JsonObject = Object.freeze({});

/** What a rest of this dialect kept, without its notes; what another dialect kept cannot be expressed. */
export function kept(rest: Rest | undefined, path: string, context: EncodeContext): JsonObject {
  if (rest === undefined) return NOTHING;
  const names = Object.keys(rest.fields).filter((name) => !name.startsWith('$'));
  if (rest.dialect === CHAT) return Object.fromEntries(names.map((name) => [name, rest.fields[name]]));
  for (const name of names) {
    context.unsupported(path === '' ? name : `${path}.${name}`, `Only the dialect ${rest.dialect} has this field.`);
  }
  return NOTHING;
}
