/** The codec of chat completions. */
import type { Codec } from '@gatewright/core';
import { SteadyDecoder } from '@gatewright/core/wire';
import { editRequest, editResponse, readHead, readSize } from './edits.ts';
import { encodeError, encodeErrorFrame } from './error-body.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { decodeResponse } from './response-decode.ts';
import { encodeResponse } from './response-encode.ts';
import { ChatDecoder } from './stream-decoder.ts';
import { ChatEncoder, DONE } from './stream-encoder.ts';
import { ChatObserver } from './observer.ts';
import { summarize } from './summary.ts';
import { decodeError } from './upstream-error.ts';

export const chatCodec: Codec<'chat'> = {
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  readHead,
  readSize,
  editRequest,
  editResponse,
  summarize,
  stream: {
    // Some chunks hide with a string at their end how long they are.
    decoder: () => new SteadyDecoder(new ChatDecoder(), ['obfuscation']),
    encoder: (context) => new ChatEncoder(context),
    observer: (options) => new ChatObserver(options),
    endFrames: DONE,
    encodeError: encodeErrorFrame,
  },
  decodeError,
  encodeError,
};
