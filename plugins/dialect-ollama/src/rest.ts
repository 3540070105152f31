/**
 * What the neutral form has no field for, kept beside it. Keys that start with `$` are notes that mean nothing to another
 * dialect and may be left out without loss; the others change the answer.
 */
import type { EncodeContext, JsonObject, Rest } from '@gatewright/core';
import { CHAT } from './names.ts';

/** An object without the members that are undefined. */
export function compact(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** The members of an object that are not among those named. */
export function omit(object: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name)));
}

/** A rest as an optional member of a neutral object. */
export function withRest(fields: JsonObject): { readonly rest?: Rest } {
  const kept = compact(fields);
  return Object.keys(kept).length === 0 ? {} : { rest: { dialect: CHAT, fields: kept } };
}

/** A field or a note of a rest of this dialect. */
export function note(rest: Rest | undefined, key: string): unknown {
  return rest?.dialect === CHAT ? rest.fields[key] : undefined;
}

/** What a rest of this dialect kept, without its notes; what another dialect kept cannot be expressed. */
export function kept(rest: Rest | undefined, path: string, context: EncodeContext): JsonObject {
  const own = Object.entries(rest?.fields ?? {}).filter(([name]) => !name.startsWith('$'));
  if (rest === undefined || rest.dialect === CHAT) return Object.fromEntries(own);
  for (const [name] of own) {
    context.unsupported(path === '' ? name : `${path}.${name}`, `Only the dialect ${rest.dialect} has this field.`);
  }
  return {};
}
