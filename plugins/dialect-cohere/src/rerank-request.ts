/** Requests to rerank documents, as versions 1 and 2 of the API have them, and the servers that follow it. */
import type { EncodeContext, JsonObject, RequestEdits, RerankDocument, RerankRequest } from '@gatewright/core';
import { type Outline, Writing } from '@gatewright/core/wire';
import { renameModel } from './edits.ts';
import { RERANK } from './names.ts';
import { isMissing, isObject, Reading } from './reading.ts';
import { compact, extra, keeper, omit, restFields } from './rest.ts';

const KNOWN = ['model', 'query', 'documents', 'return_documents', 'rank_fields', 'max_tokens_per_doc'];

/** How many results are wanted: clients of other rerankers call it `top_k`, and no server of this dialect does. */
const TOPS = ['top_n', 'top_k'] as const;

/** Throws `GW_BAD_REQUEST` with `param`. */
export function decodeRerankRequest(body: JsonObject): RerankRequest {
  const at = Reading.request();
  const { return_documents: returns, rank_fields: fields, max_tokens_per_doc: limit, priority } = body;
  const top = TOPS.find((name) => !isMissing(body[name]));
  const documents = at.at('documents');
  const needless = priority === 0 ? { priority } : {};
  const others = omit(body, ...KNOWN, ...Object.keys(needless), ...(top === undefined ? [] : [top]));
  const hints = { $extra: extra(needless) };
  return {
    model: at.at('model').string(body['model']),
    query: at.at('query').string(body['query']),
    documents: documents.list(body['documents']).map((value, index) => decodeDocument(value, documents.at(index))),
    ...(top === undefined ? {} : { topN: at.at(top).count(body[top]) }),
    ...(isMissing(returns) ? {} : { returnDocuments: at.at('return_documents').boolean(returns) }),
    ...(isMissing(limit) ? {} : { maxTokensPerDocument: at.at('max_tokens_per_doc').count(limit) }),
    ...(isMissing(fields)
      ? {}
      : {
          rankFields: at
            .at('rank_fields')
            .list(fields)
            .map((field, index) => at.at('rank_fields').at(index).string(field)),
        }),
    // Always there, also when empty: it says that the request was read in this dialect.
    rest: { dialect: RERANK, fields: restFields(body, others, hints) },
  };
}

function decodeDocument(value: unknown, at: Reading): RerankDocument {
  if (typeof value === 'string' || isObject(value)) return value;
  throw at.fail('must be a string or an object');
}

export function encodeRerankRequest(request: RerankRequest, context: EncodeContext): JsonObject {
  const at = Writing.to('provider', request.rest, context, keeper);
  const known = compact({
    model: at.model,
    query: request.query,
    documents: request.documents,
    top_n: request.topN,
    return_documents: request.returnDocuments,
    rank_fields: request.rankFields,
    max_tokens_per_doc: request.maxTokensPerDocument,
  });
  return at.complete(known, request.rest);
}

const FOREIGN_TOP = '"top_k"';

/** The edits that make a client's own bytes fit a target: the model's name, and the name of `top_n`. */
export function editRerankRequest(body: Outline, change: { readonly model: string }): RequestEdits {
  const edits = [...renameModel(body, change.model)];
  const top = body.has('top_n') ? undefined : body.member('top_k');
  const end = (top?.keyStart ?? 0) + FOREIGN_TOP.length;
  if (top !== undefined && body.bytes.toString('latin1', top.keyStart, end) === FOREIGN_TOP) {
    edits.push({ start: top.keyStart, end, text: '"top_n"' });
  }
  return { edits, usageInjected: false };
}
