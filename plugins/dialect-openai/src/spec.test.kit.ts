/** OpenAI's own schemas, where there are any: `GATEWRIGHT_SPECS` names the folder with `openai.json`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { isObject } from './json-value.ts';

const FOLDER = process.env['GATEWRIGHT_SPECS'] ?? join(import.meta.dirname, '../../../../shared/specs');
const FILE = join(FOLDER, 'openai.json');

/** Whether there are schemas. */
export const found = existsSync(FILE);

/** Why the suites that need schemas are skipped; part of their names. */
export const ABSENCE = found ? '' : ` (skipped: no openai.json at ${FOLDER}; set GATEWRIGHT_SPECS)`;

type Schema = Record<string, unknown>;

/** Fields that the schemas demand and the API itself leaves out. */
const LEFT_OUT = new Set(['refusal', 'logprobs', 'cache_write_tokens']);

/** Corrects a schema by what the API really sends: what may be left out may be null, and some of what must be there is not. */
function calibrate(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) calibrate(item);
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) calibrate(value[key]);
  if (value['nullable'] === true) permitNull(value);
  const { required, properties } = value;
  if (!isObject(properties)) return;
  const demanded = (Array.isArray(required) ? (required as string[]) : []).filter((name) => !LEFT_OUT.has(name));
  if (required !== undefined) value['required'] = demanded;
  for (const name of Object.keys(properties)) {
    if (!demanded.includes(name)) properties[name] = { anyOf: [properties[name], { type: 'null' }] };
  }
}

function permitNull(schema: Schema): void {
  delete schema['nullable'];
  const inner = { ...schema };
  for (const key of Object.keys(schema)) delete schema[key];
  schema['anyOf'] = [inner, { type: 'null' }];
}

const validators = new Map<string, ValidateFunction>();
let ajv: Ajv2020 | undefined;

function validator(schema: string): ValidateFunction {
  if (ajv === undefined) {
    const spec = JSON.parse(readFileSync(FILE, 'utf8')) as { components: { schemas: Schema } };
    calibrate(spec.components.schemas);
    ajv = new Ajv2020({ strict: false, validateFormats: false });
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
