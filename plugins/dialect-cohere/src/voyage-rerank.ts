/** Reranking as Voyage has it, and the servers that answer alike: results in `data`, as many as `top_k` says, billed by tokens. */
import type {
  Codec,
  Dialect,
  EncodeContext,
  JsonObject,
  RerankDocument,
  RerankRequest,
  Summary,
} from '@gatewright/core';
import type { Outline } from '@gatewright/core/wire';
import { renameModel } from './edits.ts';
import { errorIn } from './error.ts';
import { rerankCodec as cohere } from './rerank-codec.ts';
import { countedIn } from './rerank-response.ts';
import { VOYAGE_RERANK } from './names.ts';

/** https://docs.voyageai.com/reference/reranker-api */
function encodeRequest(request: RerankRequest, context: EncodeContext): JsonObject {
  const { rankFields, maxTokensPerDocument, ...rest } = request;
  if (rankFields !== undefined) context.unsupported('rank_fields', 'documents are texts there: send the fields as one');
  if (maxTokensPerDocument !== undefined)
    context.unsupported('max_tokens_per_doc', 'documents are judged as a whole there: shorten them');
  const documents = request.documents.map((document, index) => textOf(document, index, context));
  const { top_n: top, ...body } = cohere.encodeRequest({ ...rest, documents }, context);
  return top === undefined ? body : { ...body, top_k: top };
}

function textOf(document: RerankDocument, index: number, context: EncodeContext): string {
  if (typeof document === 'string') return document;
  const { text, ...others } = document;
  if (typeof text === 'string' && Object.keys(others).length === 0) return text;
  context.unsupported(`documents.${index}`, 'a document is a text there, or an object with a `text` and nothing else');
  return typeof text === 'string' ? text : JSON.stringify(document);
}

function summarize(body: Outline): Summary {
  if (!body.has('data')) {
    const told = { message: body.value('message'), error: body.value('error'), detail: body.value('detail') };
    const error = errorIn(told);
    if (error !== undefined) return { error };
  }
  const model = body.value('model');
  const usage = countedIn({ usage: body.value('usage') })?.usage;
  return { ...(typeof model === 'string' ? { model } : {}), ...(usage === undefined ? {} : { usage }) };
}

const codec: Codec<'rerank'> = {
  ...cohere,
  encodeRequest,
  // Best first: this API promises no order.
  decodeResponse: ({ data, ...body }) => {
    const response = cohere.decodeResponse({ ...body, results: data });
    return { ...response, results: response.results.toSorted((a, b) => b.relevanceScore - a.relevanceScore) };
  },
  encodeResponse: (response, context) => {
    const { results, ...body } = cohere.encodeResponse(response, context);
    return { ...body, data: results };
  },
  editRequest: (body, { model }) => ({ edits: renameModel(body, model), usageInjected: false }),
  summarize,
};

export const voyageRerankDialect: Dialect<'rerank'> = {
  id: VOYAGE_RERANK,
  operation: 'rerank',
  codec,
  requestHeaders: [],
  replyHeaders: ['retry-after'],
};
