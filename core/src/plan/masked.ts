/** The options of a plugin as they may be shown: every secret is replaced by dots. */
import type { z } from 'zod';
import { isSecret } from '../secret.ts';

export const MASK = '••••';

type Schema = z.ZodType;
/** The parts of zod's definitions that hold other schemas. */
interface Inner {
  readonly type: string;
  readonly innerType?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly items?: readonly Schema[];
  readonly options?: readonly Schema[];
  readonly left?: Schema;
  readonly right?: Schema;
  readonly in?: Schema;
  readonly out?: Schema;
  readonly getter?: () => Schema;
}

/** A value without what its schema marks as secret. Where the two do not match and the schema knows a secret, nothing is shown. */
export function masked(schema: Schema, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (isSecret(schema)) return MASK;
  if (!hasSecret(schema)) return shown(value);
  const def = schema.def as Inner;
  const same = sameValue(def);
  if (same.length > 0) return same.reduce<unknown>((left, inner) => masked(inner, left), value);
  if (def.options !== undefined) {
    const fitting = def.options.filter((option) => fits(option, value));
    return fitting.length === 0 ? MASK : fitting.reduce<unknown>((left, option) => masked(option, left), value);
  }
  return maskedInside(def, value) ?? MASK;
}

/** A map or list with its secrets masked; undefined where the value is not what the schema describes. */
function maskedInside(def: Inner, value: unknown): unknown {
  const { shape, catchall, valueType, element, items } = def;
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    if (element !== undefined) return list.map((one) => masked(element, one));
    return items === undefined ? undefined : list.map((one, index) => member(items[index], one));
  }
  if (!isPlain(value) || (shape === undefined && valueType === undefined)) return undefined;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, one]) => [key, member(shape?.[key] ?? catchall ?? valueType, one)]));
}

function member(schema: Schema | undefined, value: unknown): unknown {
  return schema === undefined ? shown(value) : masked(schema, value);
}

/** The schemas that describe the same value as this one. */
function sameValue(def: Inner): readonly Schema[] {
  const schemas = [def.innerType, def.getter?.(), def.left, def.right, def.in, def.out];
  return schemas.filter((schema) => schema !== undefined);
}

/** Whether a branch of a union may be the one that took the value. */
function fits(schema: Schema, value: unknown): boolean {
  const def = schema.def as Inner;
  const same = sameValue(def);
  if (same.length > 0) return same.some((inner) => fits(inner, value));
  if (def.options !== undefined) return def.options.some((option) => fits(option, value));
  if (def.element !== undefined || def.items !== undefined) return Array.isArray(value);
  if (def.shape !== undefined || def.valueType !== undefined) return isPlain(value);
  return def.type === 'string' ? typeof value === 'string' : typeof value !== 'object';
}

function hasSecret(schema: Schema, seen: Set<Schema> = new Set()): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  if (isSecret(schema)) return true;
  const def = schema.def as Inner;
  const inside = [...sameValue(def), ...Object.values(def.shape ?? {}), def.catchall, def.element, def.valueType];
  return [...inside, ...(def.items ?? []), ...(def.options ?? [])].some(
    (inner) => inner !== undefined && hasSecret(inner, seen),
  );
}

/** What is no secret, in a form that JSON can hold. */
function shown(value: unknown): unknown {
  if (typeof value === 'string') return withoutPassword(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function') return '(a function)';
  if (Array.isArray(value)) return value.map(shown);
  if (value instanceof RegExp || value instanceof Date || value instanceof URL) return withoutPassword(String(value));
  if (!isPlain(value)) return typeof value === 'object' && value !== null ? '(an object)' : value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown(one)]));
}

/** A password in a URL is a secret, whatever the schema says. */
function withoutPassword(text: string): string {
  return text.replace(/(\w:\/\/[^\s/@:]*:)[^\s/@]+@/g, `$1${MASK}@`);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
