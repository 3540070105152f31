/** The providers' own schemas, corrected by what their APIs really send and take, to judge what the gateway sends by. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

type Json = Record<string, unknown>;

const FOLDER = process.env['GATEWRIGHT_SPECS'] ?? fileURLToPath(new URL('../../../shared/specs', import.meta.url));

/** Whether there are schemas on this machine; tests that need them say so where there are none. */
export const specsThere = existsSync(join(FOLDER, 'openai.json')) && existsSync(join(FOLDER, 'anthropic.json'));

/** Why suites that need schemas are skipped; part of their names. */
export const SPECS_ABSENCE = specsThere ? '' : ` (skipped: no schemas at ${FOLDER}; set GATEWRIGHT_SPECS)`;

/** What is sent, by its file and the name of its schema there. `closed`: fields that the schema does not name are violations. */
const KINDS = {
  'openai-request': { file: 'openai.json', schema: 'CreateChatCompletionRequest', closed: true },
  'openai-response': { file: 'openai.json', schema: 'CreateChatCompletionResponse', closed: false },
  'openai-chunk': { file: 'openai.json', schema: 'CreateChatCompletionStreamResponse', closed: false },
  'openai-completion-request': { file: 'openai.json', schema: 'CreateCompletionRequest', closed: true },
  'openai-completion': { file: 'openai.json', schema: 'CreateCompletionResponse', closed: false },
  'openai-embeddings-request': { file: 'openai.json', schema: 'CreateEmbeddingRequest', closed: true },
  'openai-embeddings': { file: 'openai.json', schema: 'CreateEmbeddingResponse', closed: false },
  'openai-moderation-request': { file: 'openai.json', schema: 'CreateModerationRequest', closed: true },
  'openai-moderation': { file: 'openai.json', schema: 'CreateModerationResponse', closed: false },
  'openai-images-request': { file: 'openai.json', schema: 'CreateImageRequest', closed: true },
  'openai-images': { file: 'openai.json', schema: 'ImagesResponse', closed: false },
  'openai-model': { file: 'openai.json', schema: 'Model', closed: false },
  'responses-request': { file: 'openai.json', schema: 'CreateResponse', closed: true },
  'responses-response': { file: 'openai.json', schema: 'Response', closed: false },
  'responses-event': { file: 'openai.json', schema: 'ResponseStreamEvent', closed: false },
  'openai-error': { file: 'openai.json', schema: 'ErrorResponse', closed: false },
  'anthropic-error': { file: 'anthropic.json', schema: 'ErrorResponse', closed: false },
  'anthropic-request': { file: 'anthropic.json', schema: 'CreateMessageParams', closed: true },
  'anthropic-count-request': { file: 'anthropic.json', schema: 'CountMessageTokensParams', closed: true },
  'anthropic-response': { file: 'anthropic.json', schema: 'Message', closed: false },
  'anthropic-event': { file: 'anthropic.json', schema: 'MessageStreamEvent', closed: false },
} as const;

export type SpecKind = keyof typeof KINDS;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** OpenAPI 3.0's `nullable: true` in the words of JSON Schema. */
function makeNullable(schema: Json): void {
  if (schema['nullable'] !== true) return;
  const { nullable: _, ...rest } = schema;
  for (const key of Object.keys(schema)) delete schema[key];
  schema['anyOf'] = [rest, { type: 'null' }];
}

/** Calls `visit` on every schema inside a value, innermost first. */
function walk(value: unknown, visit: (schema: Json) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    const inner = value[key];
    // Names of properties are no keywords, whatever they are called.
    if (key === 'properties' && isObject(inner)) for (const property of Object.values(inner)) walk(property, visit);
    else walk(inner, visit);
  }
  visit(value);
}

/** Fields that OpenAI's schemas require and its servers leave out. */
const OPENAI_OPTIONAL: ReadonlySet<string> = new Set(['refusal', 'logprobs', 'cache_write_tokens']);

/** Optional fields may be null in what OpenAI answers, whatever the schema says. */
function calibrateOpenai(schema: Json): void {
  const { properties, required } = schema;
  if (!isObject(properties)) return;
  const names = Array.isArray(required) ? (required as string[]).filter((name) => !OPENAI_OPTIONAL.has(name)) : [];
  if (Array.isArray(required)) schema['required'] = names;
  for (const name of Object.keys(properties)) {
    if (!names.includes(name)) properties[name] = { anyOf: [properties[name], { type: 'null' }] };
  }
}

/** What may be null, or has a default, is left out by Anthropic's servers; so is `caller`. */
function calibrateAnthropic(schema: Json, all: Json): void {
  const { properties, required } = schema;
  if (!isObject(properties) || !Array.isArray(required)) return;
  const mayLack = (property: unknown): boolean => {
    if (!isObject(property)) return false;
    const ref = property['$ref'];
    if (typeof ref === 'string') return mayLack(all[ref.split('/').at(-1) ?? '']);
    if ('default' in property) return true;
    const choices = [property['anyOf'], property['oneOf']].flat().filter(isObject);
    return choices.some((choice) => choice['type'] === 'null');
  };
  schema['required'] = (required as string[]).filter((name) => name !== 'caller' && !mayLack(properties[name]));
}

/** Schemas that list their properties take no others, unless one is among several that apply together; JSON Schemas are open. */
function close(schemas: Json): void {
  const joined = new Set<unknown>([schemas['InputSchema'], schemas['BetaInputSchema']]);
  walk(schemas, ({ allOf }) => {
    for (const schema of [allOf ?? []].flat().filter(isObject)) {
      joined.add(schema);
      const ref = schema['$ref'];
      if (typeof ref === 'string') joined.add(schemas[ref.split('/').at(-1) ?? '']);
    }
  });
  walk(schemas, (schema) => {
    if (joined.has(schema) || !isObject(schema['properties'])) return;
    if (schema['allOf'] === undefined && schema['additionalProperties'] === undefined) {
      schema['additionalProperties'] = false;
    }
  });
}

function readSchemas(file: string): Json {
  const spec = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { components: { schemas: Json } };
  const { schemas } = spec.components;
  walk(schemas, makeNullable);
  if (file === 'openai.json') calibrateItems(schemas);
  return schemas;
}

/**
 * Items of responses fit several of their schemas at a time; OpenAI's own clients leave `strict` out of functions, and its
 * servers `name` out of the event that ends the arguments of a call.
 */
function calibrateItems(schemas: Json): void {
  const { InputItem: item, FunctionTool: tool, ResponseFunctionCallArgumentsDoneEvent: done } = schemas;
  if (!isObject(item) || !isObject(tool) || !isObject(done)) return;
  done['required'] = (done['required'] as string[]).filter((name) => name !== 'name');
  item['anyOf'] = item['oneOf'];
  delete item['oneOf'];
  tool['required'] = ['type', 'name'];
}

/** Requests are judged by the schema as it is, but for unknown fields; answers by the calibrated one. */
function prepare(file: string, closed: boolean): Json {
  const schemas = readSchemas(file);
  if (closed) close(schemas);
  else walk(schemas, file === 'openai.json' ? calibrateOpenai : (schema) => calibrateAnthropic(schema, schemas));
  return schemas;
}

const engines = new Map<string, Ajv2020>();
const validators = new Map<SpecKind, ValidateFunction>();

function validator(kind: SpecKind): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  const { file, schema, closed } = KINDS[kind];
  const id = `${file}${closed ? '-closed' : ''}`;
  let engine = engines.get(id);
  if (engine === undefined) {
    engine = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    engine.addSchema({ $id: id, components: { schemas: prepare(file, closed) } });
    engines.set(id, engine);
  }
  const root = { $ref: `${id}#/components/schemas/${schema}` };
  const made = engine.compile(closed ? { ...root, unevaluatedProperties: false } : root);
  validators.set(kind, made);
  return made;
}

/** What is wrong with a value by its schema; nothing where it fits, or where there are no schemas. Only JSON counts. */
export function violations(kind: SpecKind, value: unknown): readonly string[] {
  if (!specsThere) return [];
  const validate = validator(kind);
  if (validate(JSON.parse(JSON.stringify(value)))) return [];
  return [...new Set((validate.errors ?? []).map(describe))];
}

function describe({ instancePath, message, params }: ErrorObject): string {
  const extra = (params['additionalProperty'] ?? params['unevaluatedProperty']) as string | undefined;
  return `${instancePath || '/'} ${message ?? 'is wrong'}${extra === undefined ? '' : `: ${extra}`}`;
}
