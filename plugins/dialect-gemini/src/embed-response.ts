/** Answers with embeddings: `{embedding: {values}}`, and `{embeddings: [{values}]}` (https://ai.google.dev/api/embeddings). */
import {
  GatewayError,
  inputTokens,
  NO_USAGE,
  vectorAs,
  type Embedding,
  type EmbeddingsResponse,
  type JsonObject,
  type Summary,
  type Usage,
} from '@gatewright/core';
import type { Outline } from '@gatewright/core/wire';
import { errorIn } from './error.ts';
import { EMBED } from './names.ts';
import { isObject, Reading } from './reading.ts';
import { omit } from './rest.ts';

export function decodeOne(body: JsonObject): EmbeddingsResponse {
  const at = Reading.reply();
  return responseOf(body, [decodeEmbedding(body['embedding'], at.at('embedding'))]);
}

export function decodeBatch(body: JsonObject): EmbeddingsResponse {
  const at = Reading.reply().at('embeddings');
  const list = at.list(body['embeddings']);
  return responseOf(
    body,
    list.map((value, index) => decodeEmbedding(value, at.at(index))),
  );
}

function responseOf(body: JsonObject, embeddings: readonly Embedding[]): EmbeddingsResponse {
  const usage = decodeUsage(body['usageMetadata']);
  const fields = omit(body, 'embedding', 'embeddings', 'usageMetadata');
  const rest = { dialect: EMBED, fields };
  return { id: '', model: '', embeddings, ...(usage === undefined ? {} : { usage }), rest };
}

function decodeEmbedding(value: unknown, at: Reading): Embedding {
  const { values, ...others } = at.fields(value);
  if (!Array.isArray(values)) throw at.at('values').fail('must be a list of numbers');
  const rest = Object.keys(others).length === 0 ? {} : { rest: { dialect: EMBED, fields: others } };
  return { float: values as number[], ...rest };
}

export function encodeOne(response: EmbeddingsResponse): JsonObject {
  const [first] = response.embeddings;
  if (first === undefined) throw new GatewayError('GW_UPSTREAM_INVALID', 'The answer has no embedding.');
  return bodyOf(response, { embedding: encodeEmbedding(first) });
}

export function encodeBatch(response: EmbeddingsResponse): JsonObject {
  return bodyOf(response, { embeddings: response.embeddings.map(encodeEmbedding) });
}

function bodyOf({ usage, rest }: EmbeddingsResponse, body: JsonObject): JsonObject {
  const told = usage === undefined ? {} : { usageMetadata: encodeUsage(usage) };
  return { ...body, ...told, ...(rest?.dialect === EMBED ? rest.fields : {}) };
}

function encodeEmbedding(embedding: Embedding): JsonObject {
  return { values: bodyValues(embedding), ...(embedding.rest?.dialect === EMBED ? embedding.rest.fields : {}) };
}

/** A vector as numbers. Throws `GW_UPSTREAM_INVALID` where the answer has none. */
export function bodyValues(embedding: Embedding): readonly number[] {
  const values = vectorAs(embedding, 'float');
  if (typeof values === 'object') return values;
  const has = Object.keys(embedding).join(', ') || 'no vector';
  throw new GatewayError('GW_UPSTREAM_INVALID', `The answer has ${has}, and the client wants numbers.`);
}

/** The counts of `usageMetadata`: of media, each kind apart. */
function decodeUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const total = countOf(value['promptTokenCount']);
  const imageInput = Math.min(total, modalityCount(value, 'IMAGE'));
  const audioInput = Math.min(total - imageInput, modalityCount(value, 'AUDIO'));
  const input = total - imageInput - audioInput;
  return { ...NO_USAGE, input, imageInput, audioInput, raw: { dialect: EMBED, value } };
}

function encodeUsage(usage: Usage): JsonObject {
  return usage.raw?.dialect === EMBED ? usage.raw.value : { promptTokenCount: inputTokens(usage) };
}

function modalityCount(value: JsonObject, modality: string): number {
  const details = value['promptTokenDetails'] ?? value['promptTokensDetails'];
  if (!Array.isArray(details)) return 0;
  const found = (details as unknown[]).find((one) => isObject(one) && one['modality'] === modality);
  return countOf((found as JsonObject | undefined)?.['tokenCount']);
}

const countOf = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);

/** What a whole answer tells: errors, and the tokens where they are counted. */
export function summarize(body: Outline): Summary {
  if (body.has('error')) {
    const error = errorIn({ error: body.value('error') });
    return { error: error ?? { status: 500, message: 'The provider answered with an error and no message.' } };
  }
  const usage = decodeUsage(body.value('usageMetadata'));
  return usage === undefined ? {} : { usage };
}
