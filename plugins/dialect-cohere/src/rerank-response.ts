/** Answers with reranked documents. */
import {
  NO_USAGE,
  type EncodeContext,
  type JsonObject,
  type RerankDocument,
  type RerankRequest,
  type RerankResponse,
  type RerankResult,
  type Usage,
} from '@gatewright/core';
import { decodeMeta, encodeMeta } from './meta.ts';
import { RERANK } from './names.ts';
import { isMissing, isObject, Reading } from './reading.ts';
import { compact, extra, hint, omit, restFields, withRest } from './rest.ts';
import { count } from './usage.ts';
import { Writing } from './writing.ts';

/** What the servers that follow the API say besides: the kind of object that the answer is. */
const NEEDLESS = ['object'];

/** Throws `GW_UPSTREAM_INVALID` where the body is no answer. */
export function decodeRerankResponse(body: JsonObject): RerankResponse {
  const at = Reading.reply();
  const { id, model, results, meta } = body;
  const usage = usageOf(meta, body['usage']);
  const needless = Object.fromEntries(NEEDLESS.filter((key) => !isMissing(body[key])).map((key) => [key, body[key]]));
  const counted = usage === undefined ? [] : [isObject(meta) ? 'meta' : 'usage'];
  const place = at.at('results');
  const absent = ['id', 'model'].filter((key) => body[key] === undefined);
  const hints = {
    $extra: extra(needless),
    $usage: counted[0] === 'usage' ? 'usage' : undefined,
    $absent: absent.length === 0 ? undefined : absent,
  };
  return {
    id: isMissing(id) ? '' : at.at('id').string(id),
    model: isMissing(model) ? '' : at.at('model').string(model),
    results: place.list(results).map((result, index) => decodeResult(result, place.at(index))),
    ...(usage === undefined ? {} : { usage }),
    // Always there, also when empty: it says that the answer was read in this dialect.
    rest: {
      dialect: RERANK,
      fields: restFields(body, omit(body, 'id', 'model', 'results', ...counted, ...NEEDLESS), hints),
    },
  };
}

/** The API bills searches in its `meta`; the servers that follow it count tokens in a `usage`. */
export function usageOf(meta: unknown, usage: unknown): Usage | undefined {
  if (isObject(meta)) return decodeMeta(meta, RERANK);
  if (!isObject(usage)) return undefined;
  const input = count(usage['prompt_tokens'] ?? usage['total_tokens']);
  return { ...NO_USAGE, input, raw: { dialect: RERANK, value: usage } };
}

function decodeResult(value: unknown, at: Reading): RerankResult {
  const result = at.object(value);
  const { document } = result;
  return {
    index: at.at('index').count(result['index']),
    relevanceScore: at.at('relevance_score').number(result['relevance_score']),
    ...(typeof document === 'string' || isObject(document) ? { document } : {}),
    ...withRest(result, omit(result, 'index', 'relevance_score', 'document'), {}, RERANK),
  };
}

export function encodeRerankResponse(response: RerankResponse, context: EncodeContext): JsonObject {
  const at = Writing.to('client', response.rest, context);
  const request = context.request?.<'rerank'>();
  const place = at.at('results');
  const counted = hint(response.rest, '$usage') === 'usage' ? 'usage' : 'meta';
  const known: JsonObject = compact({
    id: response.id,
    model: at.own ? at.model : undefined,
    results: response.results.map((result, index) => encodeResult(result, request, place.at(index))),
    [counted]: at.own && response.usage === undefined ? undefined : encodeMeta(response.usage, RERANK),
  });
  return at.complete(known, response.rest);
}

function encodeResult(result: RerankResult, request: RerankRequest | undefined, at: Writing): JsonObject {
  const document = result.document ?? (request?.returnDocuments === true ? request.documents[result.index] : undefined);
  const known = { index: result.index, relevance_score: result.relevanceScore, document: wholeDocument(document, at) };
  return at.complete(compact(known), result.rest);
}

/** A document is an object in answers, also where it was a text. */
function wholeDocument(document: RerankDocument | undefined, at: Writing): RerankDocument | undefined {
  return typeof document === 'string' && !at.own ? { text: document } : document;
}
