/** The codec of the Responses API. */
import type { Codec } from '@gatewright/core';
import { SteadyDecoder } from '@gatewright/core/wire';
import { editResponse, readHead, readSize } from '../edits.ts';
import { encodeError } from '../error-body.ts';
import { decodeError } from '../upstream-error.ts';
import { depart } from './departure.ts';
import { editRequest } from './edits.ts';
import { encodeErrorFrame } from './error-event.ts';
import { ResponsesObserver } from './observer.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { decodeResponse } from './response-decode.ts';
import { encodeResponse } from './response-encode.ts';
import { ResponsesDecoder } from './stream-decoder.ts';
import { ResponsesEncoder } from './stream-encoder.ts';
import { summarize } from './summary.ts';

/** Members of every event that say nothing of a piece of text. */
const VARYING = ['obfuscation', 'sequence_number'];

export const responsesCodec: Codec<'chat'> = {
  decodeRequest,
  encodeRequest,
  depart,
  decodeResponse,
  encodeResponse,
  readHead,
  readSize,
  editRequest,
  editResponse,
  summarize,
  stream: {
    decoder: () => new SteadyDecoder(new ResponsesDecoder(), VARYING),
    encoder: (context) => new ResponsesEncoder(context),
    observer: (options) => new ResponsesObserver(options),
    // The event that ends an answer is also the one that says why it ended: a provider cannot forget it.
    endFrames: '',
    encodeError: (error) => encodeErrorFrame(error, 0),
  },
  decodeError,
  encodeError,
};
