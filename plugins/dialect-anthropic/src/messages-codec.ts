/** The codec of chats: requests, whole answers and streams. */
import type { Codec, StreamCodec } from '@gatewright/core';
import { SteadyDecoder } from '@gatewright/core/wire';
import { editRequest, readHead, readSize, renameModel, summarize } from './edits.ts';
import { decodeError, encodeError } from './error.ts';
import { frame, MESSAGE_STOP } from './frames.ts';
import { MessageObserver } from './observer.ts';
import { decodeRequest } from './request-reader.ts';
import { encodeRequest } from './request-writer.ts';
import { decodeResponse, encodeResponse } from './response.ts';
import { StreamDecoder } from './stream-decoder.ts';
import { StreamEncoder } from './stream-encoder.ts';

const stream: StreamCodec<'chat'> = {
  decoder: () => new SteadyDecoder(new StreamDecoder()),
  encoder: (context) => new StreamEncoder(context),
  observer: (options) => new MessageObserver(options),
  endFrames: MESSAGE_STOP,
  encodeError: (error, requestId) => frame('error', encodeError(error, requestId)),
};

/** `maxTokens`: the `max_tokens` of requests that have no limit of their own. */
export function messagesCodec(maxTokens: number): Codec<'chat'> {
  return {
    decodeRequest: (body) => decodeRequest(body, false),
    encodeRequest: (request, context) => encodeRequest(request, context, maxTokens),
    decodeResponse,
    encodeResponse,
    readHead,
    readSize,
    editRequest,
    editResponse: (body, change) => renameModel(body, change.model),
    summarize,
    stream,
    decodeError,
    encodeError,
  };
}
