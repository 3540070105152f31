/** The codecs of chats: requests, whole answers and streams, which come as events or as an array. */
import type { Codec, StreamCodec } from '@gatewright/core';
import { ArraySplitter } from './array-splitter.ts';
import { editRequest, editResponse, readHead, readSize, summarizeAnswer } from './edits.ts';
import { decodeError, encodeError } from './error.ts';
import { arrayFraming, SEPARATOR, sseFrame, sseFraming } from './framing.ts';
import { GenerateObserver } from './observer.ts';
import { decodeRequest } from './request-reader.ts';
import { encodeRequest } from './request-writer.ts';
import { decodeResponse, encodeResponse } from './response.ts';
import { StreamDecoder } from './stream-decoder.ts';
import { StreamEncoder } from './stream-encoder.ts';

/** A stream has no end mark: it ends behind the chunk that tells why the model stopped. */
const sseStream: StreamCodec<'chat'> = {
  decoder: () => new StreamDecoder(),
  encoder: (context) => new StreamEncoder(context, sseFraming(), false),
  observer: (options) => new GenerateObserver(options, true),
  endFrames: '',
  encodeError: (error, requestId) => sseFrame(encodeError(error, requestId)),
};

const arrayStream: StreamCodec<'chat'> = {
  decoder: () => new StreamDecoder(),
  encoder: (context) => new StreamEncoder(context, arrayFraming(), true),
  observer: (options) => new GenerateObserver(options, false),
  endFrames: ']',
  // An error ends a stream that has begun: at least one element stands before it.
  encodeError: (error, requestId) => `${SEPARATOR}${JSON.stringify(encodeError(error, requestId))}]`,
  contentType: 'application/json; charset=utf-8',
  splitter: (listener, maxFrame) => new ArraySplitter(listener, maxFrame),
};

function codecWith(stream: StreamCodec<'chat'>): Codec<'chat'> {
  return {
    decodeRequest,
    encodeRequest,
    decodeResponse,
    encodeResponse,
    readHead,
    readSize,
    editRequest,
    editResponse,
    summarize: summarizeAnswer,
    stream,
    decodeError,
    encodeError,
  };
}

export const generateCodec = codecWith(sseStream);
export const generateArrayCodec = codecWith(arrayStream);
