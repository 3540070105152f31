/** The codec of completions. */
import type { Codec, RequestSize } from '@gatewright/core';
import { requestSize, type Outline } from '@gatewright/core/wire';
import { encodeErrorFrame } from '../error-body.ts';
import { plainCodec } from '../plain-codec.ts';
import { DONE } from '../stream-encoder.ts';
import { summarize } from '../summary.ts';
import { CompletionObserver } from './observer.ts';
import { decodeRequest, encodeRequest } from './request.ts';
import { decodeResponse, encodeResponse } from './response.ts';
import { CompletionDecoder } from './stream-decoder.ts';
import { CompletionEncoder } from './stream-encoder.ts';

/** Every prompt gets its alternatives; of those, `best_of` are made. */
function readSize(body: Outline): RequestSize {
  const prompt = body.value('prompt');
  const several = Array.isArray(prompt) && typeof prompt[0] !== 'number' ? prompt.length : 1;
  const { maxOutput, candidates = 1 } = requestSize(body.value('max_tokens'), body.value('best_of') ?? body.value('n'));
  return { candidates: candidates * Math.max(1, several), ...(maxOutput === undefined ? {} : { maxOutput }) };
}

export const completionsCodec: Codec<'completions'> = {
  ...plainCodec,
  readSize,
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
