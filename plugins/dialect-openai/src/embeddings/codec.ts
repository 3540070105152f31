/** The codec of embeddings. */
import type { Codec } from '@gatewright/core';
import { plainCodec } from '../plain-codec.ts';
import { decodeRequest, encodeRequest } from './request.ts';
import { decodeResponse, encodeResponse, summarize } from './response.ts';

export const embeddingsCodec: Codec<'embeddings'> = {
  ...plainCodec,
  // Vectors come whole, whatever a request says.
  readHead: (body) => ({ ...plainCodec.readHead(body), stream: false }),
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  summarize,
};

/** The codec for servers that write numbers, whatever they are asked for: clients that want base64 get it from here. */
export const floatEmbeddingsCodec: Codec<'embeddings'> = {
  ...embeddingsCodec,
  encodeRequest(request, context) {
    const { encoding_format: _asked, ...body } = encodeRequest(request, context);
    return body;
  },
};
