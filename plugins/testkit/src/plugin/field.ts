/** The schema of a plugin's options, taken apart into its fields. */
import type { Plugin } from '@gatewright/core';

/** As much of a zod schema as is looked at (https://zod.dev/packages/core#internals). */
export interface Schema {
  readonly description?: string | undefined;
  meta(): Readonly<Record<string, unknown>> | undefined;
  safeParse(value: unknown): { readonly success: boolean };
  readonly def: {
    readonly type: string;
    readonly innerType?: Schema;
    readonly in?: Schema;
    readonly element?: Schema;
    readonly valueType?: Schema;
    readonly options?: readonly Schema[];
    readonly shape?: Readonly<Record<string, Schema>>;
    readonly catchall?: Schema;
  };
}

/** An object among the options; the path of the whole is empty. */
export interface Group {
  readonly path: readonly string[];
  readonly strict: boolean;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly path: readonly string[];
  readonly description: string | undefined;
  readonly secret: boolean;
  /** It is on or off, or a list of names: it has no room for a credential. */
  readonly isHarmless: boolean;
}

export function schemaOf(plugin: Plugin): Schema {
  return plugin.options as unknown as Schema;
}

/** The objects in a schema, the outermost first. */
export function groupsIn(schema: Schema, path: readonly string[] = []): readonly Group[] {
  const { shape, catchall } = schema.def;
  if (shape === undefined) return innerOf(schema).flatMap((inner) => groupsIn(inner, path));
  const fields = Object.entries(shape).map(([name, field]) => ({ path: [...path, name], field }));
  return [
    {
      path,
      strict: catchall?.def.type === 'never',
      fields: fields.map(({ path, field }) => ({
        path,
        description: describedAs(field),
        secret: isSecret(field),
        isHarmless: isHarmless(field),
      })),
    },
    ...fields.flatMap(({ path, field }) => groupsIn(field, path)),
  ];
}

/** Whether what stands at the path is a secret, or in something that is one. */
export function isSecretAt(schema: Schema, path: readonly (string | number)[]): boolean {
  const [name, ...rest] = path;
  if (isSecret(schema) || name === undefined) return isSecret(schema);
  const { shape } = schema.def;
  if (shape === undefined) {
    // Elements of lists and values of records have a step of the path to themselves.
    const steps = schema.def.type === 'array' || schema.def.type === 'record' ? rest : path;
    return innerOf(schema).some((inner) => isSecretAt(inner, steps));
  }
  const field = shape[name];
  return field !== undefined && isSecretAt(field, rest);
}

/** Where a text stands among values, as a whole or as a part of one. */
export function placesOf(text: string, value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === 'string') return value.includes(text) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => placesOf(text, inner, [...path, name]));
}

/** The options with another value at a path. */
export function withValue(
  options: Readonly<Record<string, unknown>>,
  path: readonly string[],
  value: string,
): Record<string, unknown> {
  const [name = '', ...rest] = path;
  const inner = options[name] as Readonly<Record<string, unknown>>;
  // A list stays one: the schema would refuse anything else for that alone.
  const changed = Array.isArray(options) ? [...(options as unknown[])] : { ...options };
  return Object.assign(changed, { [name]: rest.length === 0 ? value : withValue(inner, rest, value) });
}

function innerOf({ def }: Schema): readonly Schema[] {
  return [def.innerType, def.in, def.element, def.valueType, def.options].flat().filter((one) => one !== undefined);
}

/** What stands on a wrapper (`optional`, `default`) goes for what it wraps. */
function wrapped({ def }: Schema): Schema | undefined {
  return def.innerType ?? def.in;
}

function describedAs(schema: Schema): string | undefined {
  const inner = wrapped(schema);
  return schema.description ?? (inner === undefined ? undefined : describedAs(inner));
}

function isHarmless(schema: Schema): boolean {
  const inner = wrapped(schema);
  const { type, element } = schema.def;
  if (type === 'boolean') return true;
  if (type === 'array') return element?.safeParse(HEADER).success === false;
  return inner !== undefined && isHarmless(inner);
}

/** What a list of names takes no element like. */
const HEADER = 'authorization: Bearer 0123456789abcdef';

function isSecret(schema: Schema): boolean {
  const inner = wrapped(schema);
  return schema.meta()?.['secret'] === true || (inner !== undefined && isSecret(inner));
}

/** Whether anything in the schema is a secret. */
export function isHidden(schema: Schema): boolean {
  const { shape } = schema.def;
  const inner = [...innerOf(schema), ...Object.values(shape ?? {})];
  return isSecret(schema) || inner.some(isHidden);
}
