/** The codec of reranking. */
import type { Codec, Summary } from '@gatewright/core';
import type { Outline } from '@gatewright/core/wire';
import { readHead, renameModel } from './edits.ts';
import { decodeError, encodeError, errorIn } from './error.ts';
import { decodeRerankRequest, editRerankRequest, encodeRerankRequest } from './rerank-request.ts';
import { decodeRerankResponse, encodeRerankResponse, countedIn } from './rerank-response.ts';

/** What a whole answer tells: its results stay unread. */
function summarize(body: Outline): Summary {
  if (!body.has('results')) {
    const error = errorIn({
      message: body.value('message'),
      error: body.value('error'),
      detail: body.value('detail'),
    });
    if (error !== undefined) return { error };
  }
  const [id, model] = [body.value('id'), body.value('model')];
  const counts = { meta: body.value('meta'), usage: body.value('usage'), tokens: body.value('tokens') };
  const usage = countedIn(counts)?.usage;
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    ...(usage === undefined ? {} : { usage }),
  };
}

export const rerankCodec: Codec<'rerank'> = {
  decodeRequest: decodeRerankRequest,
  encodeRequest: encodeRerankRequest,
  decodeResponse: decodeRerankResponse,
  encodeResponse: encodeRerankResponse,
  readHead: (body) => ({ ...readHead(body), stream: false }),
  // Nothing is generated.
  readSize: () => ({}),
  editRequest: editRerankRequest,
  // The API does not name its model; the servers that follow it do.
  editResponse: (body, change) => (body.has('model') ? renameModel(body, change.model) : []),
  summarize,
  decodeError,
  encodeError,
};
