/** The dialects of the model list and of one model. */
import {
  GatewayError,
  type Codec,
  type Dialect,
  type JsonObject,
  type ModelEntry,
  type ModelList,
} from '@gatewright/core';
import { decodeError, encodeError } from './error.ts';
import { REPLY_HEADERS, REQUEST_HEADERS } from './headers.ts';
import { MODEL, MODELS } from './names.ts';
import { Reading } from './reading.ts';

/** A model as the API shows it (https://platform.claude.com/docs/en/api/models). */
function encodeModel({ id, created, displayName, contextWindow, maxOutput }: ModelEntry): JsonObject {
  const createdAt = new Date(created * 1000).toISOString().replace('.000Z', 'Z');
  return {
    type: 'model',
    id,
    display_name: displayName ?? id,
    created_at: createdAt,
    // Null is the API's own word for what is not known.
    max_input_tokens: contextWindow ?? null,
    max_tokens: maxOutput ?? null,
    capabilities: null,
  };
}

function decodeModel(value: unknown, at: Reading): ModelEntry {
  const model = at.object(value);
  const time = Date.parse(String(model['created_at']));
  const created = Number.isNaN(time) ? 0 : Math.floor(time / 1000);
  const { display_name: name, max_input_tokens: input, max_tokens: output } = model;
  return {
    id: at.at('id').string(model['id']),
    created,
    ownedBy: 'anthropic',
    ...(typeof name === 'string' ? { displayName: name } : {}),
    ...(typeof input === 'number' ? { contextWindow: input } : {}),
    ...(typeof output === 'number' ? { maxOutput: output } : {}),
  };
}

/** All models stand on one page. */
function encodeList({ models }: ModelList): JsonObject {
  return {
    data: models.map(encodeModel),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}

function decodeList(body: JsonObject): ModelList {
  const at = Reading.reply().at('data');
  return { models: at.list(body['data']).map((model, index) => decodeModel(model, at.at(index))) };
}

function encodeOne({ models: [model] }: ModelList): JsonObject {
  if (model === undefined) throw new GatewayError('GW_UNKNOWN_MODEL', 'No model of this name is configured.');
  return encodeModel(model);
}

/** Requests for models have no body: the surface reads path and query. */
const shared = {
  decodeRequest: () => ({}),
  encodeRequest: () => ({}),
  readHead: () => ({ stream: false }),
  editRequest: () => ({ edits: [], usageInjected: false }),
  summarize: () => ({}),
  decodeError,
  encodeError,
} satisfies Partial<Codec<'models'>>;

const listCodec: Codec<'models'> = {
  ...shared,
  decodeResponse: decodeList,
  encodeResponse: encodeList,
  editResponse: () => [],
};

const modelCodec: Codec<'models'> = {
  ...shared,
  decodeResponse: (body) => ({ models: [decodeModel(body, Reading.reply())] }),
  encodeResponse: encodeOne,
  editResponse: () => [],
};

function dialectOf(id: string, codec: Codec<'models'>): Dialect<'models'> {
  return { id, operation: 'models', codec, requestHeaders: REQUEST_HEADERS, replyHeaders: REPLY_HEADERS };
}

export const modelsDialect = dialectOf(MODELS, listCodec);
export const modelDialect = dialectOf(MODEL, modelCodec);
