/** Google's own schemas, where there are any. */
import { specs } from '@gatewright/testkit/material';
import { isObject } from './reading.ts';

const FILE = 'google-discovery.json';
const material = specs(FILE);
export const { found, absence: SPEC_ABSENCE } = material;

/** A schema as discovery documents have it (https://developers.google.com/discovery/v1/reference/apis). */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
}

let schemas: Readonly<Record<string, Schema>> | undefined;

function named(name: string): Schema {
  schemas ??= (material.json(FILE) as { schemas: Record<string, Schema> }).schemas;
  const schema = schemas[name];
  if (schema === undefined) throw new Error(`There is no schema ${name}.`);
  return schema;
}

/** What is wrong with a value by one of the schemas: fields that are not there, and types; nothing where it fits. */
export function violations(schema: string, value: unknown): readonly string[] {
  const problems: string[] = [];
  check(named(schema), JSON.parse(JSON.stringify(value)), '', problems);
  return problems;
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  any: () => true,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  array: Array.isArray,
  object: isObject,
};

function check(schema: Schema, value: unknown, path: string, problems: string[]): void {
  const known = schema.$ref === undefined ? schema : named(schema.$ref);
  const { type = 'any', items, properties, additionalProperties } = known;
  if (TYPES[type]?.(value) !== true) problems.push(`${path} must be of the type ${type}`);
  else if (known.enum?.includes(value as string) === false) problems.push(`${path} is none of the words`);
  if (Array.isArray(value) && items !== undefined) {
    for (const [index, one] of value.entries()) check(items, one, `${path}[${index}]`, problems);
  }
  if (!isObject(value) || properties === undefined) return;
  for (const [key, one] of Object.entries(value)) {
    const property = properties[key] ?? additionalProperties;
    if (property === undefined) problems.push(`${path}.${key} is no field`);
    else check(property, one, `${path}.${key}`, problems);
  }
}
