/** The codec of speech: JSON in, sound out, as bytes or as events. */
import {
  GatewayError,
  NO_USAGE,
  type Codec,
  type DecodeContext,
  type EncodeContext,
  type JsonObject,
  type SpeechRequest,
} from '@gatewright/core';
import { editRequest, readHead } from '../edits.ts';
import { badRequest, wrongType } from '../fault.ts';
import { isObject, textOf, type Writable } from '../json-value.ts';
import { modelOf, plainCodec } from '../plain-codec.ts';
import { Reader } from '../reader.ts';
import { addOwnFields, refuseForeign, restOf } from '../rest.ts';
import { errorInside } from '../upstream-error.ts';
import { SPEECH } from './dialect-id.ts';
import { eventStream } from './event-codec.ts';
import { speechEvents } from './event-form.ts';

export const speechCodec: Codec<'speech'> = {
  ...plainCodec,
  readHead: (body) => ({ ...readHead(body), stream: body.value('stream_format') === 'sse' }),
  // Usage comes unasked, and there is no option to ask for it.
  editRequest: (body, { model }) => editRequest(body, { model, usage: false }),
  decodeRequest,
  encodeRequest,
  decodeResponse: () => {
    throw new GatewayError('GW_UPSTREAM_INVALID', 'The reply is not a sound: it is JSON.');
  },
  // Sound is never JSON: `raw` writes all of it.
  encodeResponse: () => ({}),
  summarize: (body) => {
    const error = errorInside(body.json());
    return error === undefined ? {} : { error };
  },
  stream: eventStream(speechEvents),
  raw: {
    decode: ({ contentType, bytes }) => ({ contentType, audio: bytes }),
    encode: ({ contentType, audio }) => ({ contentType, bytes: audio }),
    // A sound does not tell its usage. Older models are billed by the characters that they speak.
    usage: ({ input }) => ({ ...NO_USAGE, units: { characters: Array.from(input).length } }),
  },
};

/** Throws `GW_BAD_REQUEST` with the path of what is wrong in `param`. */
function decodeRequest(body: JsonObject, context?: DecodeContext): SpeechRequest {
  const reader = new Reader(body, '', badRequest);
  const request: Writable<SpeechRequest> = {
    model: modelOf(reader, context),
    input: reader.requiredString('input'),
    stream: reader.string('stream_format') === 'sse',
  };
  const voice = readVoice(reader.take('voice'));
  if (voice !== undefined) request.voice = voice;
  const format = reader.string('response_format');
  if (format !== undefined) request.format = format;
  const speed = reader.number('speed');
  if (speed !== undefined) request.speed = speed;
  const instructions = reader.string('instructions');
  if (instructions !== undefined) request.instructions = instructions;
  const rest = restOf(reader.unknown(), SPEECH);
  if (rest !== undefined) request.rest = rest;
  return request;
}

function readVoice(voice: unknown): SpeechRequest['voice'] {
  if (voice === undefined || typeof voice === 'string') return voice;
  const id = isObject(voice) ? textOf(voice['id']) : undefined;
  if (id === undefined) throw wrongType(badRequest, 'voice', 'a name, or an object with an id', voice);
  return { id };
}

function encodeRequest(request: SpeechRequest, context: EncodeContext): JsonObject {
  const { input, voice, format, speed, instructions, rest } = request;
  const body: JsonObject = { model: context.model, input };
  if (voice !== undefined) body['voice'] = voice;
  if (format !== undefined) body['response_format'] = format;
  if (speed !== undefined) body['speed'] = speed;
  if (instructions !== undefined) body['instructions'] = instructions;
  if (request.stream) body['stream_format'] = 'sse';
  refuseForeign(rest, '', context, SPEECH);
  addOwnFields(body, rest, SPEECH);
  return body;
}
