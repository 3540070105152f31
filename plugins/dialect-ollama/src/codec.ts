/** The codec of chats: requests, whole answers and streams of lines. */
import type { Codec, JsonObject, RequestEdits, Summary } from '@gatewright/core';
import { SteadyDecoder, type Edit, type Outline } from '@gatewright/core/wire';
import { decodeError, encodeError, errorIn } from './error.ts';
import { LineSplitter } from './line-splitter.ts';
import { ChatObserver } from './observer.ts';
import { isObject } from './reading.ts';
import { decodeRequest, encodeRequest } from './request.ts';
import { decodeResponse, encodeResponse } from './response.ts';
import { decodeStop } from './stop.ts';
import { StreamDecoder } from './stream-decoder.ts';
import { line, StreamEncoder } from './stream-encoder.ts';
import { decodeUsage, USAGE_FIELDS } from './usage.ts';

/** A stream is what comes where nobody says otherwise. */
function readHead(body: Outline): { readonly model?: string; readonly stream: boolean } {
  const model = body.value('model');
  return { ...(typeof model === 'string' ? { model } : {}), stream: body.value('stream') !== false };
}

/** The usage needs no asking in this dialect. */
function editRequest(body: Outline, change: { readonly model: string }): RequestEdits {
  return { edits: editModel(body, change), usageInjected: false };
}

function editModel(body: Outline, { model }: { readonly model: string }): readonly Edit[] {
  const member = body.member('model');
  if (member === undefined || body.value('model') === model) return [];
  return [{ start: member.start, end: member.end, text: JSON.stringify(model) }];
}

function summarize(body: Outline): Summary {
  const error = body.has('error') ? errorIn({ error: body.value('error') }) : undefined;
  if (error !== undefined) return { error };
  const model = body.value('model');
  const message = body.value('message');
  const usage = decodeUsage(Object.fromEntries([...USAGE_FIELDS].map((name) => [name, body.value(name)] as const)));
  return {
    ...(typeof model === 'string' ? { model } : {}),
    ...(usage === undefined ? {} : { usage }),
    stop: decodeStop(body.value('done_reason'), isObject(message) && hasCalls(message)),
  };
}

function hasCalls({ tool_calls: calls }: JsonObject): boolean {
  return Array.isArray(calls) && calls.length > 0;
}

export const codec: Codec<'chat'> = {
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  readHead,
  editRequest,
  editResponse: editModel,
  summarize,
  decodeError,
  encodeError,
  stream: {
    // Each line tells its time.
    decoder: () => new SteadyDecoder(new StreamDecoder(), ['created_at']),
    encoder: (context) => new StreamEncoder(context),
    observer: () => new ChatObserver(),
    // The last line says that the stream ended well; without one, nothing can.
    endFrames: '',
    encodeError: (error) => line(encodeError(error)),
    contentType: 'application/x-ndjson',
    splitter: (listener, maxFrame) => new LineSplitter(listener, maxFrame),
  },
};
