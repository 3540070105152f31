/** The codec: between the bytes of this format and the neutral form that all codecs share. */
import {
  type Codec,
  type EncodeContext,
  type JsonObject,
  type RerankRequest,
  type RerankResponse,
  type Summary,
} from '@gatewright/core';
import { isMissing, isObject, keeperOf, Reading, restore, type Edit, type Outline } from '@gatewright/core/wire';

/** Fields that nobody here knows are kept, and written again. */
const keeper = keeperOf('my-dialect-rerank');

function decodeRequest(body: JsonObject): RerankRequest {
  const at = Reading.request();
  const texts = at.at('texts');
  return {
    model: at.at('model').string(body['model']),
    query: at.at('question').string(body['question']),
    documents: texts.list(body['texts']).map((text, index) => texts.at(index).string(text)),
    ...(isMissing(body['most']) ? {} : { topN: at.at('most').count(body['most']) }),
    ...keeper.besides(body, ['model', 'question', 'texts', 'most']),
  };
}

function encodeRequest(request: RerankRequest, context: EncodeContext): JsonObject {
  if (request.rankFields !== undefined) context.unsupported('rankFields', 'documents are plain texts here');
  const known = {
    model: context.model,
    question: request.query,
    texts: request.documents.map((document, index) => {
      if (typeof document === 'string') return document;
      context.unsupported(`documents[${index}]`, 'documents are plain texts here');
      return JSON.stringify(document);
    }),
    ...(request.topN === undefined ? {} : { most: request.topN }),
  };
  return keeper.owns(request.rest) ? restore(known, request.rest?.fields) : known;
}

function decodeResponse(body: JsonObject): RerankResponse {
  const at = Reading.reply();
  const ranking = at.at('ranking');
  return {
    id: typeof body['id'] === 'string' ? body['id'] : '',
    model: typeof body['model'] === 'string' ? body['model'] : '',
    results: ranking.list(body['ranking']).map((value, position) => {
      const place = ranking.at(position);
      const result = place.object(value);
      return {
        index: place.at('text').count(result['text']),
        relevanceScore: place.at('score').number(result['score']),
      };
    }),
    ...keeper.besides(body, ['id', 'model', 'ranking']),
  };
}

function encodeResponse({ id, results, rest }: RerankResponse, context: EncodeContext): JsonObject {
  const ranking = results.map(({ index, relevanceScore }) => ({ text: index, score: relevanceScore }));
  const known = { id, model: context.model, ranking };
  return keeper.owns(rest) ? restore(known, rest?.fields) : known;
}

/** Puts the target's own name into the client's bytes; the rest of them stays as it came. */
function renamed(body: Outline, model: string): readonly Edit[] {
  const member = body.member('model');
  if (member === undefined || body.value('model') === model) return [];
  return [{ start: member.start, end: member.end, text: JSON.stringify(model) }];
}

/** What can be read off a whole answer without decoding it. */
function summarize(body: Outline): Summary {
  const [id, model] = [body.value('id'), body.value('model')];
  return { ...(typeof id === 'string' && { id }), ...(typeof model === 'string' && { model }) };
}

export const codec: Codec<'rerank'> = {
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  readHead(body) {
    const model = body.value('model');
    return { ...(typeof model === 'string' && { model }), stream: false };
  },
  readSize: () => ({}),
  editRequest: (body, { model }) => ({ edits: renamed(body, model), usageInjected: false }),
  editResponse: (body, { model }) => renamed(body, model),
  summarize,
  decodeError(status, body) {
    return { status, message: saidIn(body.toString('utf8')) ?? `The provider answered with status ${status}.` };
  },
  encodeError: ({ code, message }, requestId) => ({ error: { code, message, request: requestId } }),
};

/** An error may be anything, also a page of a proxy: only what is this format's own is repeated. */
function saidIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const error = isObject(body) ? body['error'] : undefined;
    return isObject(error) && typeof error['message'] === 'string' ? error['message'] : undefined;
  } catch {
    return undefined;
  }
}
