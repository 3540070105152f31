/** The codec of chats: requests, whole answers and streams. */
import type { Codec, StreamCodec } from '@gatewright/core';
import { SteadyDecoder } from '@gatewright/core/wire';
import { editRequest, readHead, readSize, summarize } from './edits.ts';
import { decodeError, encodeError } from './error.ts';
import { MessageSplitter } from './message-splitter.ts';
import { ConverseObserver } from './observer.ts';
import { decodeRequest } from './request-reader.ts';
import { encodeRequest } from './request-writer.ts';
import { decodeResponse, encodeResponse } from './response.ts';
import { PADDING, StreamDecoder } from './stream-decoder.ts';
import { StreamEncoder } from './stream-encoder.ts';
import { encodeStreamError } from './stream-error.ts';

export const converseStream: StreamCodec<'chat'> = {
  decoder: () => new SteadyDecoder(new StreamDecoder(), [PADDING]),
  encoder: (context) => new StreamEncoder(context),
  observer: () => new ConverseObserver(),
  // Nothing marks the end: after the stop, the usage is all that may be missing, and nobody knows it.
  endFrames: '',
  encodeError: encodeStreamError,
  contentType: 'application/vnd.amazon.eventstream',
  splitter: (listener, maxFrame) => new MessageSplitter(listener, maxFrame),
};

export const converseCodec: Codec<'chat'> = {
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
  stream: converseStream,
  decodeError,
  encodeError,
};
