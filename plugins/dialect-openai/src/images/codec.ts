/** The codec of images that are made from a text. */
import type { Codec } from '@gatewright/core';
import { editRequest } from '../edits.ts';
import { textOf } from '../json-value.ts';
import { plainCodec } from '../plain-codec.ts';
import { decodeRequest, DEFAULT_MODEL, encodeRequest } from './request.ts';
import { decodeResponse, encodeResponse, summarize } from './response.ts';
import { imageStream } from './stream.ts';

export const imagesCodec: Codec<'images'> = {
  ...plainCodec,
  readHead: (body) => ({ model: textOf(body.value('model')) ?? DEFAULT_MODEL, stream: body.value('stream') === true }),
  // Usage comes unasked, and there is no option to ask for it.
  editRequest: (body, { model }) => editRequest(body, { model, usage: false }),
  // No model stands in an answer.
  editResponse: () => [],
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  summarize,
  stream: imageStream('image_generation'),
};
