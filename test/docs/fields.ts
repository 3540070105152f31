/** The fields of an options schema, flat, as documentation and house rules want them. */
import { z } from 'zod';

/** One field of a plugin's options. */
export interface Field {
  /** Dotted; `[]` for the items of a list, `<name>` for the entries of a map: `keys[].id`. */
  readonly path: string;
  /** In words of the configuration, not of zod. */
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly description?: string;
  readonly secret: boolean;
  /** The field is an object that swallows unknown keys. */
  readonly loose: boolean;
}

/** As much of JSON Schema as zod writes for options. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly secret?: boolean;
}

/** Lists the fields of an options schema, parents before children, as the configuration may write them. */
export function fieldsOf(options: z.ZodType): Field[] {
  const fields = new Map<string, Field>();
  collect(jsonSchema(options), '', fields);
  return [...fields.values()];
}

/** Whether the options refuse keys that they do not know. */
export const isStrict = (options: z.ZodType): boolean => !isLoose(jsonSchema(options));

const jsonSchema = (options: z.ZodType): Schema =>
  z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' }) as Schema;

function collect(schema: Schema, path: string, fields: Map<string, Field>): void {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const here = path === '' ? name : `${path}.${name}`;
    const found = field(here, member, schema.required?.includes(name) === true);
    const other = fields.get(here);
    fields.set(here, other === undefined ? found : { ...other, type: either(other.type, found.type) });
    collect(member, here, fields);
  }
  if (schema.items !== undefined) collect(schema.items, `${path}[]`, fields);
  if (typeof schema.additionalProperties === 'object') collect(schema.additionalProperties, `${path}.<name>`, fields);
  for (const branch of branches(schema)) collect(branch, path, fields);
}

function field(path: string, schema: Schema, required: boolean): Field {
  return {
    path,
    type: typeName(schema),
    required,
    secret: schema.secret === true,
    loose: someObject(schema, isLoose),
    ...(schema.default === undefined ? {} : { default: schema.default }),
    ...(schema.description === undefined ? {} : { description: schema.description }),
  };
}

/** The same field in two alternatives. */
const either = (one: string, other: string): string => (one === other ? one : `${one} | ${other}`);

const branches = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? [];

/** An object with named fields that takes others too. A map without named fields is meant to. */
const isLoose = (schema: Schema): boolean => schema.properties !== undefined && schema.additionalProperties !== false;

/** Tests a schema and what it is made of, but not its named fields, which are fields of their own. */
function someObject(schema: Schema, test: (schema: Schema) => boolean): boolean {
  const map = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
  const parts = [...(schema.items === undefined ? [] : [schema.items]), ...map, ...branches(schema)];
  return test(schema) || parts.some((part) => someObject(part, test));
}

function typeName(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const measure = measured(schema);
  if (measure !== undefined) return measure;
  if (branches(schema).length > 0) return [...new Set(branches(schema).map(typeName))].join(' | ');
  if (schema.items !== undefined) return `list of ${typeName(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') return `map of ${typeName(schema.additionalProperties)}`;
  if (schema.type === 'string') return schema.format === 'uri' ? 'URL' : 'string';
  if (schema.type === 'number' || schema.type === 'integer') return schema.type + range(schema);
  if (typeof schema.type === 'object') return schema.type.join(' | ');
  return schema.type ?? 'anything';
}

/** A number that may be written with a unit. */
function measured(schema: Schema): string | undefined {
  const pattern = branches(schema).find(({ type }) => type === 'string')?.pattern ?? '';
  if (pattern.includes('(ms|s|m|h|d)')) return 'duration';
  return pattern.includes('kib|mib') ? 'size' : undefined;
}

/** The bounds of a number; those that only say what a JavaScript integer can hold are left out. */
function range({ minimum, maximum, exclusiveMinimum }: Schema): string {
  const low = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? '' : ` ≥ ${minimum}`;
  const over = exclusiveMinimum === undefined ? '' : ` > ${exclusiveMinimum}`;
  const high = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? '' : ` ≤ ${maximum}`;
  return low + over + high;
}
