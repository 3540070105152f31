/** The codec of embeddings. */
import type { Codec, Summary } from '@gatewright/core';
import type { Outline } from '@gatewright/core/wire';
import { editRequest, readHead } from './edits.ts';
import { decodeEmbedRequest, encodeEmbedRequest, type InputType } from './embed-request.ts';
import { decodeEmbedResponse, encodeEmbedResponse } from './embed-response.ts';
import { decodeError, encodeError, errorIn } from './error.ts';
import { decodeMeta } from './meta.ts';
import { EMBED } from './names.ts';

/** What a whole answer tells: its vectors stay unread. */
function summarize(body: Outline): Summary {
  if (!body.has('embeddings')) {
    const error = errorIn({ message: body.value('message'), error: body.value('error') });
    if (error !== undefined) return { error };
  }
  const id = body.value('id');
  const usage = decodeMeta(body.value('meta'), EMBED);
  return { ...(typeof id === 'string' ? { id } : {}), ...(usage === undefined ? {} : { usage }) };
}

/** `defaultType`: what requests of other dialects are for that do not say it. */
export function embedCodec(defaultType: InputType): Codec<'embeddings'> {
  return {
    decodeRequest: decodeEmbedRequest,
    encodeRequest: (request, context) => encodeEmbedRequest(request, context, defaultType),
    decodeResponse: decodeEmbedResponse,
    encodeResponse: encodeEmbedResponse,
    readHead: (body) => ({ ...readHead(body), stream: false }),
    // Nothing is generated.
    readSize: () => ({}),
    editRequest,
    // Answers do not name their model.
    editResponse: () => [],
    summarize,
    decodeError,
    encodeError,
  };
}
