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
import { compact, extra, hint, keeper, omit, rerankKeeper, restFields } from './rest.ts';
import { count } from './usage.ts';
import { Writing } from '@gatewright/core/wire';

/** What the servers that follow the API say besides: the kind of object that the answer is. */
const NEEDLESS = ['object'];

/** Throws `GW_UPSTREAM_INVALID` where the body is no answer. */
export function decodeRerankResponse(body: JsonObject): RerankResponse {
  const at = Reading.reply();
  const { id, model, results } = body;
  const counted = countedIn(body);
  const needless = Object.fromEntries(NEEDLESS.filter((key) => !isMissing(body[key])).map((key) => [key, body[key]]));
  const place = at.at('results');
  const absent = ['id', 'model'].filter((key) => body[key] === undefined);
  const hints = {
    $extra: extra(needless),
    $usage: counted === undefined || counted.key === 'meta' ? undefined : counted.key,
    $absent: absent.length === 0 ? undefined : absent,
  };
  return {
    id: isMissing(id) ? '' : at.at('id').string(id),
    model: isMissing(model) ? '' : at.at('model').string(model),
    results: place.list(results).map((result, index) => decodeResult(result, place.at(index))),
    ...(counted === undefined ? {} : { usage: counted.usage }),
    // Always there, also when empty: it says that the answer was read in this dialect.
    rest: {
      dialect: RERANK,
      fields: restFields(body, omit(body, 'id', 'model', 'results', counted?.key ?? 'meta', ...NEEDLESS), hints),
    },
  };
}

/** What the usage of an answer is in, and what of it: the API bills searches in its `meta`. */
interface Counted {
  readonly key: 'meta' | 'usage' | 'tokens';
  readonly usage: Usage;
}

/** The servers that follow the API count tokens, in a `usage` or in `tokens`; some of them bill searches, too. */
export function countedIn(body: { readonly [K in Counted['key']]?: unknown }): Counted | undefined {
  const meta = decodeMeta(body.meta, RERANK);
  if (meta !== undefined) return { key: 'meta', usage: meta };
  const key = isObject(body.usage) ? 'usage' : 'tokens';
  const counts = body[key];
  if (!isObject(counts)) return undefined;
  const raw = { dialect: RERANK, value: counts };
  const searches = count(counts['search_units']);
  if (searches > 0) return { key, usage: { ...NO_USAGE, units: { searches }, raw } };
  const input = count(counts['prompt_tokens'] ?? counts['input_tokens'] ?? counts['total_tokens']);
  return { key, usage: { ...NO_USAGE, input, raw } };
}

function decodeResult(value: unknown, at: Reading): RerankResult {
  const result = at.object(value);
  const { document } = result;
  return {
    index: at.at('index').count(result['index']),
    relevanceScore: at.at('relevance_score').number(result['relevance_score']),
    ...(typeof document === 'string' || isObject(document) ? { document } : {}),
    ...rerankKeeper.withRest(result, omit(result, 'index', 'relevance_score', 'document')),
  };
}

export function encodeRerankResponse(response: RerankResponse, context: EncodeContext): JsonObject {
  const at = Writing.to('client', response.rest, context, keeper);
  const request = context.request?.<'rerank'>();
  const place = at.at('results');
  const counted = (hint(response.rest, '$usage') as Counted['key'] | undefined) ?? 'meta';
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
