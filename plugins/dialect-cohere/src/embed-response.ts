/** Answers with embeddings: a list of vectors for each type that was asked for. */
import {
  GatewayError,
  vectorAs,
  type Embedding,
  type EmbeddingFormat,
  type EmbeddingsRequest,
  type EmbeddingsResponse,
  type EncodeContext,
  type JsonObject,
} from '@gatewright/core';
import { decodeMeta, encodeMeta } from './meta.ts';
import { EMBED } from './names.ts';
import { isMissing, isObject, Reading } from './reading.ts';
import { compact, extra, hint, keeper, omit, restFields } from './rest.ts';
import { Writing } from '@gatewright/core/wire';

/** Fields that repeat the request, or say how the answer is made up: another dialect needs none of them. */
const NEEDLESS = ['texts', 'images', 'response_type'];

/** Throws `GW_UPSTREAM_INVALID` where the body is no answer. */
export function decodeEmbedResponse(body: JsonObject): EmbeddingsResponse {
  const at = Reading.reply();
  const { id, embeddings: found, meta } = body;
  const usage = decodeMeta(meta, EMBED);
  const needless = Object.fromEntries(NEEDLESS.filter((key) => !isMissing(body[key])).map((key) => [key, body[key]]));
  const known = ['id', 'embeddings', ...(usage === undefined ? [] : ['meta']), ...NEEDLESS];
  const hints = {
    $extra: extra(needless),
    $types: isObject(found) ? Object.keys(found) : undefined,
    $absent: id === undefined ? ['id'] : undefined,
  };
  return {
    id: isMissing(id) ? '' : at.at('id').string(id),
    model: '',
    embeddings: decodeEmbeddings(found, at.at('embeddings')),
    ...(usage === undefined ? {} : { usage }),
    // Always there, also when empty: it says that the answer was read in this dialect.
    rest: { dialect: EMBED, fields: restFields(body, omit(body, ...known), hints) },
  };
}

/** The vectors of each type are of equal number; without types, all are numbers. */
function decodeEmbeddings(found: unknown, at: Reading): Embedding[] {
  const lists: [string, readonly unknown[]][] = Array.isArray(found)
    ? [['float', found as unknown[]]]
    : Object.entries(at.object(found)).map(([type, list]) => [type, at.at(type).list(list)]);
  const [first] = lists;
  if (first === undefined) throw at.fail('must have the vectors of at least one type');
  const embeddings: Record<string, unknown>[] = first[1].map(() => ({}));
  for (const [type, list] of lists) {
    if (list.length !== embeddings.length) throw at.at(type).fail(`must be as many as the others`);
    for (const [index, vector] of list.entries()) {
      (embeddings[index] as JsonObject)[type] = checked(vector, type, at.at(type).at(index));
    }
  }
  return embeddings;
}

function checked(vector: unknown, type: string, at: Reading): unknown {
  return type === 'base64' ? at.string(vector) : at.list(vector);
}

export function encodeEmbedResponse(response: EmbeddingsResponse, context: EncodeContext): JsonObject {
  const at = Writing.to('client', response.rest, context, keeper);
  const request = context.request?.<'embeddings'>();
  const known: JsonObject = compact({
    id: response.id,
    embeddings: encodeEmbeddings(response, request, at),
    texts: at.own ? undefined : textsOf(request),
    meta: at.own && response.usage === undefined ? undefined : encodeMeta(response.usage, EMBED),
    response_type: at.own ? undefined : 'embeddings_by_type',
  });
  return at.complete(known, response.rest);
}

function encodeEmbeddings(response: EmbeddingsResponse, request: EmbeddingsRequest | undefined, at: Writing): unknown {
  const { embeddings } = response;
  if (at.own) {
    const types = hint(response.rest, '$types') as (keyof Embedding)[] | undefined;
    if (types === undefined) return embeddings.map(({ float }) => float);
    return Object.fromEntries(types.map((type) => [type, embeddings.map((embedding) => embedding[type])]));
  }
  const encoded: JsonObject = {};
  for (const format of request?.formats ?? (['float'] as const)) {
    const vectors = embeddings.map((embedding) => vectorIn(embedding, format));
    if (vectors.every((vector) => vector !== undefined)) encoded[format] = vectors;
    else at.at('embedding_types').at(format).unsupported('The provider gave no such vectors.');
  }
  return encoded;
}

function vectorIn(embedding: Embedding, format: EmbeddingFormat): unknown {
  try {
    return vectorAs(embedding, format);
  } catch (cause) {
    throw new GatewayError('GW_UPSTREAM_INVALID', `A vector of the answer is broken: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** The API repeats the texts. */
function textsOf(request: EmbeddingsRequest | undefined): string[] | undefined {
  const texts = request?.inputs.flatMap((input) => (input.kind === 'text' ? [input.text] : []));
  return texts === undefined || texts.length !== request?.inputs.length ? undefined : texts;
}
