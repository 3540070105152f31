/** The codec of completions. */
import type { Codec } from '@gatewright/core';
import { encodeErrorFrame } from '../error-body.ts';
import { plainCodec } from '../plain-codec.ts';
import { DONE } from '../stream-encoder.ts';
import { summarize } from '../summary.ts';
import { CompletionObserver } from './observer.ts';
import { decodeRequest, encodeRequest } from './request.ts';
import { decodeResponse, encodeResponse } from './response.ts';
import { CompletionDecoder } from './stream-decoder.ts';
import { CompletionEncoder } from './stream-encoder.ts';

export const completionsCodec: Codec<'completions'> = {
  ...plainCodec,
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  summarize,
  stream: {
    decoder: () => new CompletionDecoder(),
    encoder: (context) => new CompletionEncoder(context),
    observer: (options) => new CompletionObserver(options),
    endFrames: DONE,
    encodeError: encodeErrorFrame,
  },
};
