/** Answers with embeddings: `{object: 'list', data: [{object, index, embedding}], model, usage}`. */
import {
  GatewayError,
  inputTokens,
  NO_USAGE,
  vectorAs,
  type Embedding,
  type EmbeddingsResponse,
  type EncodeContext,
  type JsonObject,
  type Summary,
  type Usage,
} from '@gatewright/core';
import type { Outline } from '@gatewright/core/wire';
import { replyFault, wrongType } from '../fault.ts';
import { isObject, textOf, type Writable } from '../json-value.ts';
import { addOwnFields, ownFields, restOf, unknownFields } from '../rest.ts';
import { errorInside } from '../upstream-error.ts';
import { decodeUsage } from '../usage.ts';
import { EMBEDDINGS } from './dialect-id.ts';

const badReply = replyFault('an answer with embeddings');

const BODY_FIELDS: ReadonlySet<string> = new Set(['object', 'data', 'model', 'usage', 'id']);
const ITEM_FIELDS: ReadonlySet<string> = new Set(['object', 'index', 'embedding']);

/** The neutral form of an answer. Throws `GW_UPSTREAM_INVALID`. */
export function decodeResponse(body: JsonObject): EmbeddingsResponse {
  const { data } = body;
  if (!Array.isArray(data)) throw wrongType(badReply, 'data', 'an array', data);
  const items = data.map((item: unknown, index) => {
    if (!isObject(item)) throw wrongType(badReply, `data[${index}]`, 'an object', item);
    const place = item['index'];
    return { place: Number.isInteger(place) ? (place as number) : index, embedding: decodeEmbedding(item, index) };
  });
  const response: Writable<EmbeddingsResponse> = {
    id: textOf(body['id']) ?? '',
    model: textOf(body['model']) ?? '',
    embeddings: items.toSorted((a, b) => a.place - b.place).map(({ embedding }) => embedding),
    rest: { dialect: EMBEDDINGS, fields: unknownFields(body, BODY_FIELDS) },
  };
  const usage = usageOf(body['usage']);
  if (usage !== undefined) response.usage = usage;
  return response;
}

function decodeEmbedding(item: JsonObject, index: number): Embedding {
  const vector = item['embedding'];
  const rest = restOf(unknownFields(item, ITEM_FIELDS), EMBEDDINGS);
  const withRest = rest === undefined ? {} : { rest };
  if (typeof vector === 'string') return { base64: vector, ...withRest };
  if (Array.isArray(vector)) return { float: vector as number[], ...withRest };
  throw wrongType(badReply, `data[${index}].embedding`, 'an array of numbers, or base64', vector);
}

/** The usage of an answer; some servers tell the total only. */
export function usageOf(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const total = value['prompt_tokens'] ?? value['input_tokens'] ?? value['total_tokens'];
  const usage = decodeUsage({ ...value, prompt_tokens: total, completion_tokens: 0 });
  return { ...(usage ?? NO_USAGE), raw: { dialect: EMBEDDINGS, value } };
}

/** The body of an answer, with vectors in the format that the client asked for. */
export function encodeResponse(response: EmbeddingsResponse, context: EncodeContext): JsonObject {
  const wanted = context.request?.<'embeddings'>().formats ?? ['float'];
  const format = wanted.includes('base64') ? 'base64' : 'float';
  const { id, usage, embeddings, rest } = response;
  const body: JsonObject = {
    object: 'list',
    data: embeddings.map((embedding, index) => encodeEmbedding(embedding, index, format)),
    model: context.model,
    usage: encodeUsage(usage ?? NO_USAGE),
  };
  // The API itself gives none; servers like it may.
  if (id !== '' && rest?.dialect === EMBEDDINGS) body['id'] = id;
  addOwnFields(body, rest, EMBEDDINGS);
  return body;
}

function encodeEmbedding(embedding: Embedding, index: number, format: 'float' | 'base64'): JsonObject {
  const vector = vectorAs(embedding, format);
  if (vector === undefined) {
    const has = Object.keys(embedding).join(', ') || 'no vector';
    const message = `The answer cannot be written: embedding ${index} has ${has}, and the client wants ${format}.`;
    throw new GatewayError('GW_UPSTREAM_INVALID', message);
  }
  return { object: 'embedding', index, embedding: vector, ...ownFields(embedding.rest, EMBEDDINGS) };
}

function encodeUsage(usage: Usage): JsonObject {
  if (usage.raw?.dialect === EMBEDDINGS) return usage.raw.value;
  const tokens = inputTokens(usage);
  return { prompt_tokens: tokens, total_tokens: tokens };
}

export function summarize(body: Outline): Summary {
  const summary: Writable<Summary> = {};
  const model = textOf(body.value('model'));
  if (model !== undefined) summary.model = model;
  const usage = usageOf(body.value('usage'));
  if (usage !== undefined) summary.usage = usage;
  // Vectors are long: the body is parsed only where it has none.
  const error = body.has('error') || !body.has('data') ? errorInside(body.json()) : undefined;
  if (error !== undefined) summary.error = error;
  return summary;
}
