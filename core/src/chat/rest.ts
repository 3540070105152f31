/**
 * What the neutral form has no field for: kept beside it, so that writing the same dialect again gives the same JSON.
 *
 * Keys of a `Rest` that start with `$` are hints about the JSON's shape, and mean nothing to another dialect:
 * - `$null`: the names of fields that were null;
 * - `$extra`: fields that another dialect may leave out without loss;
 * - `$absent`: the names of fields that a dialect always writes, and that were not there;
 * - others are a dialect's own.
 */
import type { Rest } from './part.ts';
import type { JsonObject } from '../dialect.ts';
import { isKnown, omit } from '../json/members.ts';

/** The fields of a rest: the unknown ones in `others`, and hints about the object that they stood in. */
export function restFields(source: JsonObject, others: JsonObject, hints: JsonObject = {}): JsonObject {
  const fields: JsonObject = {};
  let extra: JsonObject | undefined;
  for (const key in others) {
    if (others[key] === null || others[key] === undefined) continue;
    // A client's own `$key` must not pass for a hint.
    if (key.startsWith('$')) (extra ??= {})[key] = others[key];
    else fields[key] = others[key];
  }
  let nulls: string[] | undefined;
  for (const key in source) if (source[key] === null) (nulls ??= []).push(key);
  if (nulls !== undefined) fields['$null'] = nulls;
  for (const key in hints) if (hints[key] !== undefined) fields[key] = hints[key];
  if (extra !== undefined) fields['$extra'] = { ...(hints['$extra'] as JsonObject | undefined), ...extra };
  return fields;
}

/** An object as it was: what is known, and behind it what the rest kept of it. What is known wins. */
export function restore(known: JsonObject, fields: Readonly<JsonObject> | undefined): JsonObject {
  if (fields === undefined) return known;
  let restored: JsonObject | undefined;
  const add = (key: string, value: unknown): void => {
    if (!Object.hasOwn(known, key)) (restored ??= { ...known })[key] = value;
  };
  for (const key in fields) if (!key.startsWith('$')) add(key, fields[key]);
  const extra = (fields['$extra'] ?? {}) as JsonObject;
  for (const key in extra) add(key, extra[key]);
  for (const key of (fields['$null'] as string[] | undefined) ?? []) add(key, null);
  for (const key of (fields['$absent'] as string[] | undefined) ?? []) delete (restored ??= { ...known })[key];
  return restored ?? known;
}

/**
 * What is left of an object inside of a body, whose known fields stand elsewhere in the neutral form: unknown ones under
 * the object's own name, its shape under `$` and its name. The shape is there whenever the object was.
 */
export function nested(name: string, object: JsonObject, known: readonly string[], hints?: JsonObject): JsonObject {
  const fields = restFields(object, omit(object, ...known), hints);
  const shape: JsonObject = {};
  let unknown: JsonObject | undefined;
  for (const key in fields) (key.startsWith('$') ? shape : (unknown ??= {}))[key] = fields[key];
  return unknown === undefined ? { [`$${name}`]: shape } : { [name]: unknown, [`$${name}`]: shape };
}

/** Keeps what only one vendor's dialects know, and finds it again. */
export interface Keeper {
  /** Whether what has this rest was read in one of these dialects. */
  readonly owns: (rest: Rest | undefined) => boolean;
  /** The rest that these fields make; undefined where there are none. */
  readonly restFrom: (fields: JsonObject) => Rest | undefined;
  /** A rest as an optional member of a neutral object: `{ rest }`, or nothing. */
  readonly withRest: (source: JsonObject, others: JsonObject, hints?: JsonObject) => { readonly rest?: Rest };
  /** The same, for what stands in an object besides the members that are known. */
  readonly besides: (source: JsonObject, known: readonly string[], hints?: JsonObject) => { readonly rest?: Rest };
  /** One hint or field of a rest of these dialects. */
  readonly hint: (rest: Rest | undefined, key: string) => unknown;
  /** What {@link nested} took apart, again; undefined where nothing is known of it and it was not there. */
  readonly restoreNested: (name: string, known: JsonObject, rest: Rest | undefined) => JsonObject | undefined;
}

/** The keeper of a dialect's rests; `others` are dialects whose rests mean the same to it. */
export function keeperOf(dialect: string, ...others: readonly string[]): Keeper {
  const owns = (rest: Rest | undefined): rest is Rest =>
    rest !== undefined && (rest.dialect === dialect || (others.length > 0 && others.includes(rest.dialect)));
  const restFrom = (fields: JsonObject): Rest | undefined => {
    for (const key in fields) if (fields[key] !== undefined) return { dialect, fields };
    return undefined;
  };
  const withRest: Keeper['withRest'] = (source, rest, hints) => {
    const made = restFrom(restFields(source, rest, hints));
    return made === undefined ? {} : { rest: made };
  };
  const hint = (rest: Rest | undefined, key: string): unknown => (owns(rest) ? rest.fields[key] : undefined);
  return {
    owns,
    restFrom,
    withRest,
    hint,
    besides(source, known, hints) {
      if (!isKnown(source, known)) return withRest(source, omit(source, ...known), hints);
      return hints === undefined ? {} : withRest({}, {}, hints);
    },
    restoreNested(name, known, rest) {
      const shape = hint(rest, `$${name}`) as JsonObject | undefined;
      if (shape === undefined) return Object.keys(known).length === 0 ? undefined : known;
      return restore(known, { ...(hint(rest, name) as JsonObject | undefined), ...shape });
    },
  };
}
