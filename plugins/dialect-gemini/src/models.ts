/** The codecs of the model list and of one model (https://ai.google.dev/api/models). */
import { GatewayError, type Codec, type JsonObject, type ModelEntry, type Operation } from '@gatewright/core';
import { decodeError, encodeError } from './error.ts';
import { Reading } from './reading.ts';
import { compact } from './rest.ts';

/** The methods of this API by the operations that they ask for. */
const METHODS: ReadonlyMap<Operation, readonly string[]> = new Map([
  ['chat', ['generateContent', 'streamGenerateContent']],
  ['count-tokens', ['countTokens']],
  ['embeddings', ['embedContent', 'batchEmbedContents']],
]);

function encodeModel({ id, displayName, operations = [], contextWindow, maxOutput }: ModelEntry): JsonObject {
  return compact({
    name: `models/${id}`,
    displayName: displayName ?? id,
    inputTokenLimit: contextWindow,
    outputTokenLimit: maxOutput,
    supportedGenerationMethods: operations.flatMap((operation) => METHODS.get(operation) ?? []),
  });
}

function decodeModel(value: unknown, at: Reading): ModelEntry {
  const { name, displayName, inputTokenLimit, outputTokenLimit, supportedGenerationMethods } = at.fields(value);
  const id = at
    .at('name')
    .string(name)
    .replace(/^models\//, '');
  const methods = Array.isArray(supportedGenerationMethods) ? (supportedGenerationMethods as unknown[]) : [];
  const operations = [...METHODS].filter(([, names]) => names.some((one) => methods.includes(one)));
  return {
    id,
    created: 0,
    ownedBy: 'google',
    ...(typeof displayName === 'string' ? { displayName } : {}),
    ...(operations.length === 0 ? {} : { operations: operations.map(([operation]) => operation) }),
    ...(typeof inputTokenLimit === 'number' ? { contextWindow: inputTokenLimit } : {}),
    ...(typeof outputTokenLimit === 'number' ? { maxOutput: outputTokenLimit } : {}),
  };
}

/** What both have in common: a request has no body, and nothing is streamed. */
const shared = {
  decodeRequest: (body) => (typeof body['id'] === 'string' ? { id: body['id'] } : {}),
  encodeRequest: () => ({}),
  readHead: () => ({ stream: false }),
  editRequest: () => ({ edits: [], usageInjected: false }),
  editResponse: () => [],
  summarize: () => ({}),
  decodeError,
  encodeError,
} satisfies Partial<Codec<'models'>>;

/** All models stand on one page. */
export const modelsCodec: Codec<'models'> = {
  ...shared,
  decodeResponse(body) {
    const at = Reading.reply().at('models');
    return { models: at.list(body['models'] ?? []).map((model, index) => decodeModel(model, at.at(index))) };
  },
  encodeResponse: ({ models }) => ({ models: models.map(encodeModel) }),
};

/** The one model that was asked for. */
export const modelCodec: Codec<'models'> = {
  ...shared,
  decodeResponse: (body) => ({ models: [decodeModel(body, Reading.reply())] }),
  encodeResponse({ models: [model] }) {
    if (model === undefined) throw new GatewayError('GW_UNKNOWN_MODEL', 'No model of this name is configured.');
    return encodeModel(model);
  },
};
