/** Anthropic's own schemas, where there are any. */
import { specs } from '@gatewright/testkit/material';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { isObject } from './reading.ts';

const FILE = 'anthropic.json';
const material = specs(FILE);
export const { found, absence: ABSENCE } = material;

type Schema = Record<string, unknown>;

/** What permits null, or has a default, may be left out: the API itself leaves such fields out. */
function isOptional(name: string, schema: unknown): boolean {
  if (name === 'caller') return true;
  if (!isObject(schema)) return false;
  if ('default' in schema) return true;
  const choices = [
    ...((schema['anyOf'] as Schema[] | undefined) ?? []),
    ...((schema['oneOf'] as Schema[] | undefined) ?? []),
  ];
  return choices.some((choice) => choice['type'] === 'null');
}

/** Corrects a schema by what the API really sends; `$ref`s are followed for one step, to see what is optional. */
function calibrate(value: unknown, schemas: Schema): void {
  if (Array.isArray(value)) for (const item of value) calibrate(item, schemas);
  if (!isObject(value)) return;
  const { required, properties } = value;
  if (Array.isArray(required) && isObject(properties)) {
    value['required'] = (required as string[]).filter((name) => {
      const property = properties[name];
      const ref = isObject(property) ? property['$ref'] : undefined;
      const target = typeof ref === 'string' ? schemas[ref.split('/').at(-1) as string] : undefined;
      return !isOptional(name, property) && !isOptional(name, target);
    });
  }
  for (const key of Object.keys(value)) calibrate(value[key], schemas);
}

const validators = new Map<string, ValidateFunction>();
let ajv: Ajv2020 | undefined;

function validator(schema: string): ValidateFunction {
  if (ajv === undefined) {
    const spec = material.json(FILE) as { components: { schemas: Schema } };
    calibrate(spec.components.schemas, spec.components.schemas);
    ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
    ajv.addSchema({ $id: 'spec', components: spec.components });
  }
  const known = validators.get(schema) ?? ajv.compile({ $ref: `spec#/components/schemas/${schema}` });
  validators.set(schema, known);
  return known;
}

/** What is wrong with a value by one of the schemas; nothing where it fits. */
export function violations(schema: string, value: unknown): readonly string[] {
  const validate = validator(schema);
  // Only JSON counts: what is undefined is not sent.
  if (validate(JSON.parse(JSON.stringify(value)))) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
