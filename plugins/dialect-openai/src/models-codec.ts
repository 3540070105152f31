/** The codecs of the model list and of a single model. */
import {
  GatewayError,
  type Codec,
  type JsonObject,
  type ModelEntry,
  type ModelList,
  type ModelListRequest,
} from '@gatewright/core';
import { editResponse } from './edits.ts';
import { encodeError } from './error-body.ts';
import { isObject, textOf, type Writable } from './json-value.ts';
import { decodeError, errorInside } from './upstream-error.ts';

/** The API's own four members, and what else is known, under names that other servers like it use. */
function encodeModel(model: ModelEntry): JsonObject {
  const { displayName, operations, contextWindow, maxOutput, price } = model;
  return {
    id: model.id,
    object: 'model',
    created: model.created,
    owned_by: model.ownedBy,
    ...(displayName === undefined ? {} : { name: displayName }),
    ...(operations === undefined ? {} : { operations }),
    ...(contextWindow === undefined ? {} : { context_window: contextWindow }),
    ...(maxOutput === undefined ? {} : { max_output_tokens: maxOutput }),
    ...(price === undefined ? {} : { price: { ...price, unit: 'USD per million tokens' } }),
  };
}

function decodeModel(value: unknown): ModelEntry {
  const id = isObject(value) ? textOf(value['id']) : undefined;
  if (!isObject(value) || id === undefined) {
    throw new GatewayError('GW_UPSTREAM_INVALID', 'The reply is not a model list: a model has no id.');
  }
  const created = typeof value['created'] === 'number' ? value['created'] : 0;
  const entry: Writable<ModelEntry> = { id, created, ownedBy: textOf(value['owned_by']) ?? '' };
  const name = textOf(value['name']);
  if (name !== undefined) entry.displayName = name;
  if (typeof value['context_window'] === 'number') entry.contextWindow = value['context_window'];
  if (typeof value['max_output_tokens'] === 'number') entry.maxOutput = value['max_output_tokens'];
  return entry;
}

/** What both have in common: a request has no body, and nothing is streamed. */
const shared = {
  decodeRequest: (body: JsonObject): ModelListRequest => {
    const id = textOf(body['id']);
    return id === undefined ? {} : { id };
  },
  encodeRequest: () => ({}),
  readHead: () => ({ stream: false }),
  editRequest: () => ({ edits: [], usageInjected: false }),
  editResponse,
  decodeError,
  encodeError,
} satisfies Partial<Codec<'models'>>;

/** `{object: 'list', data: […]}` */
export const modelsCodec: Codec<'models'> = {
  ...shared,
  decodeResponse(body): ModelList {
    if (!Array.isArray(body['data'])) {
      throw new GatewayError('GW_UPSTREAM_INVALID', 'The reply is not a model list: data is not an array.');
    }
    return { models: body['data'].map(decodeModel) };
  },
  encodeResponse: (list) => ({ object: 'list', data: list.models.map(encodeModel) }),
  summarize: (body) => {
    const error = errorInside(body.json());
    return error === undefined ? {} : { error };
  },
};

/** The one model that was asked for. */
export const modelCodec: Codec<'models'> = {
  ...modelsCodec,
  decodeResponse: (body) => ({ models: [decodeModel(body)] }),
  encodeResponse(list) {
    const [model] = list.models;
    if (model === undefined) throw new GatewayError('GW_UNKNOWN_MODEL', 'No model of this name is configured.');
    return encodeModel(model);
  },
};
