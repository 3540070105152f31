/**
 * Schemas: Gemini's own are a subset of OpenAPI's (https://ai.google.dev/api/caching#Schema), the neutral form's are
 * JSON Schema. A schema of Gemini's is converted and kept; what is written for others is JSON Schema, which the API takes
 * in fields of their own.
 */
import type { JsonObject } from '@gatewright/core';
import { camel, isObject } from './reading.ts';

/** Counts that the API writes as text. */
const COUNTS: ReadonlySet<string> = new Set([
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
]);

/** The JSON Schema of a Gemini schema. */
export function toJsonSchema(schema: JsonObject): JsonObject {
  const converted: JsonObject = {};
  let nullable = false;
  for (const [name, value] of Object.entries(schema)) {
    const key = name.startsWith('$') ? name : camel(name);
    if (value === null || value === undefined) continue;
    if (key === 'nullable') nullable = value === true;
    // Only this dialect orders properties; their order is that of `properties` elsewhere.
    else if (key !== 'propertyOrdering') converted[key] = convert(key, value);
  }
  return nullable ? orNull(converted) : converted;
}

function convert(key: string, value: unknown): unknown {
  switch (key) {
    case 'type':
      return Array.isArray(value) ? value.map(lower) : lower(value);
    case 'items':
    case 'additionalProperties':
      return isObject(value) ? toJsonSchema(value) : value;
    case 'properties':
    case '$defs':
      return isObject(value) ? mapped(value) : value;
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
      return Array.isArray(value) ? value.map((one: unknown) => (isObject(one) ? toJsonSchema(one) : one)) : value;
    default:
      return COUNTS.has(key) && typeof value === 'string' ? Number(value) : value;
  }
}

function lower(type: unknown): unknown {
  return typeof type === 'string' ? type.toLowerCase() : type;
}

function mapped(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, isObject(value) ? toJsonSchema(value) : value]),
  );
}

function orNull(schema: JsonObject): JsonObject {
  const { type } = schema;
  if (typeof type !== 'string' || type === 'null') return schema;
  const list = schema['enum'];
  const enumerated = Array.isArray(list) && !list.includes(null) ? { enum: [...(list as unknown[]), null] } : {};
  return { ...schema, type: [type, 'null'], ...enumerated };
}

/** Whether a neutral schema is still the one that was read from this schema of Gemini's. */
export function isSchemaOf(schema: unknown, original: unknown): original is JsonObject {
  return isObject(original) && JSON.stringify(toJsonSchema(original)) === JSON.stringify(schema);
}
