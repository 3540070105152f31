/**
 * What rides along with the neutral form because only this dialect has it.
 *
 * Keys of `rest.fields` are fields of the wire object, under their own names. Keys that start with `$` are bookkeeping of
 * this codec: they change the form of what it writes and never its meaning, so the codecs of other dialects ignore them.
 */
import type { EncodeContext, JsonObject, Rest } from '@gatewright/core';
import { DIALECT } from './dialect-id.ts';
import { own } from './json-value.ts';

type Fields = Rest['fields'];

const NONE: Fields = Object.freeze({});

/** A rest of this dialect, or of the one named; undefined where there is nothing to keep. */
export function restOf(fields: JsonObject, dialect: string = DIALECT): Rest | undefined {
  return Object.keys(fields).length === 0 ? undefined : { dialect, fields };
}

/** The fields of a rest of this dialect, or of the one named; none where it is another's. */
export function ownFields(rest: Rest | undefined, dialect: string = DIALECT): Fields {
  return rest?.dialect === dialect ? rest.fields : NONE;
}

/** Whether a key of `rest.fields` is bookkeeping. */
export function isNote(key: string): boolean {
  return key.startsWith('$');
}

/** The note that holds fields which other dialects need not be told of: they say nothing of the answer. */
const ASIDE = '$aside';

/** Fields of an answer that only tell how its server works. */
const INTERNAL: ReadonlySet<string> = new Set(['system_fingerprint', 'x_groq', 'usage_breakdown']);

/** Puts what says nothing of the answer into a note. */
export function setAside(fields: JsonObject): JsonObject {
  const aside = Object.keys(fields).filter((key) => INTERNAL.has(key));
  if (aside.length === 0) return fields;
  const told = Object.entries(fields).filter(([key]) => !INTERNAL.has(key));
  return { ...Object.fromEntries(told), [ASIDE]: Object.fromEntries(aside.map((key) => [key, fields[key]])) };
}

/** Adds the fields that this dialect, or the one named, left in `rest`, where nothing of that name is written already. */
export function addOwnFields(target: JsonObject, rest: Rest | undefined, dialect: string = DIALECT): void {
  if (rest?.dialect !== dialect) return;
  const { fields } = rest;
  addFields(target, fields);
  if (fields[ASIDE] !== undefined) addFields(target, fields[ASIDE] as Fields);
}

function addFields(target: JsonObject, fields: Fields): void {
  for (const key of Object.keys(fields)) {
    if (!isNote(key) && own(target, key) === undefined) target[key] = fields[key];
  }
}

/** Whether a rest holds nothing to write and nothing to refuse: there is none, or only the bookkeeping of another dialect. */
export function isSilent(rest: Rest | undefined, dialect: string = DIALECT): boolean {
  if (rest === undefined) return true;
  if (rest.dialect === dialect) return false;
  for (const key in rest.fields) if (!isNote(key)) return false;
  return true;
}

/** Says of each field that another dialect left in `rest` that it cannot be expressed here. */
export function refuseForeign(
  rest: Rest | undefined,
  path: string,
  context: EncodeContext,
  dialect: string = DIALECT,
): void {
  if (rest === undefined || rest.dialect === dialect) return;
  for (const key of Object.keys(rest.fields)) {
    if (isNote(key)) continue;
    context.unsupported(path === '' ? key : `${path}.${key}`, `only ${rest.dialect} has this field`);
  }
}

/** The members of an object that are not among the known ones and not null. */
export function unknownFields(value: JsonObject, known: ReadonlySet<string> | readonly string[]): JsonObject {
  const isKnown = Array.isArray(known)
    ? (key: string) => known.includes(key)
    : (key: string) => (known as ReadonlySet<string>).has(key);
  const fields: JsonObject = {};
  for (const key of Object.keys(value)) {
    if (!isKnown(key) && value[key] !== null && key !== '__proto__' && !isNote(key)) fields[key] = value[key];
  }
  return fields;
}
