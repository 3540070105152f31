/** The codec of chats: requests, whole answers and streams. */
import type { Codec } from '@gatewright/core';
import { SteadyDecoder } from '@gatewright/core/wire';
import { editRequest, readHead, readSize, summarize } from './edits.ts';
import { decodeError, encodeError } from './error.ts';
import { DONE } from './frames.ts';
import { ChatObserver } from './observer.ts';
import { decodeRequest } from './request-reader.ts';
import { encodeRequest } from './request-writer.ts';
import { decodeResponse, encodeResponse } from './response.ts';
import { StreamDecoder } from './stream-decoder.ts';
import { StreamEncoder } from './stream-encoder.ts';
import { encodeStreamError } from './stream-error.ts';

export const chatCodec: Codec<'chat'> = {
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  readHead,
  readSize,
  editRequest,
  // Answers do not name their model.
  editResponse: () => [],
  summarize,
  stream: {
    decoder: () => new SteadyDecoder(new StreamDecoder()),
    encoder: (context) => new StreamEncoder(context),
    observer: () => new ChatObserver(),
    endFrames: DONE,
    encodeError: encodeStreamError,
  },
  decodeError,
  encodeError,
};
