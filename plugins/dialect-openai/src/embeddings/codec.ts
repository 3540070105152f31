/** The codec of embeddings. */
import type { Codec } from '@gatewright/core';
import { plainCodec } from '../plain-codec.ts';
import { decodeRequest, encodeRequest } from './request.ts';
import { decodeResponse, encodeResponse, summarize } from './response.ts';

export const embeddingsCodec: Codec<'embeddings'> = {
  ...plainCodec,
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  summarize,
};
