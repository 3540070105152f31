/** The codecs of transcription and translation: a form in; JSON, plain text, subtitles or events out. */
import {
  NO_USAGE,
  type Codec,
  type DecodeContext,
  type EncodeContext,
  type JsonObject,
  type Summary,
  type TranscriptionRequest,
  type TranscriptionResponse,
  type Usage,
} from '@gatewright/core';
import type { Outline } from '@gatewright/core/wire';
import { replyFault, wrongType } from '../fault.ts';
import { formCodec, modelOf } from '../forms/form-codec.ts';
import { FormReader } from '../forms/form-reader.ts';
import { textOf, type Writable } from '../json-value.ts';
import { addOwnFields, refuseForeign, restOf, unknownFields } from '../rest.ts';
import { errorInside } from '../upstream-error.ts';
import { TRANSCRIPTIONS, TRANSLATIONS } from './dialect-id.ts';
import { eventStream } from './event-codec.ts';
import { transcriptEvents } from './event-form.ts';
import { decodeUsage, encodeUsage } from './usage.ts';

const KNOWN: ReadonlySet<string> = new Set(['text', 'language', 'duration', 'usage']);

/** Both have the same fields; a translation has no stream, and says no language. */
function codecOf(dialect: string): Omit<Codec<'transcription'>, 'stream'> & Codec<'translation'> {
  return {
    ...formCodec,
    decodeRequest: (fields, context) => decodeRequest(fields, context, dialect),
    encodeRequest: (request, context) => encodeRequest(request, context, dialect),
    decodeResponse: (body) => decodeResponse(body, dialect),
    encodeResponse: (response, context) => encodeResponse(response, context, dialect),
    summarize: (body) => summarize(body, dialect),
    raw: {
      decode: ({ contentType, bytes }) => ({ contentType, text: bytes.toString() }),
      encode: ({ contentType, text }) =>
        contentType === undefined ? undefined : { contentType, bytes: Buffer.from(text) },
    },
  };
}

export const transcriptionsCodec: Codec<'transcription'> = {
  ...codecOf(TRANSCRIPTIONS),
  stream: eventStream(transcriptEvents),
};

export const translationsCodec: Codec<'translation'> = codecOf(TRANSLATIONS);

/** Throws `GW_BAD_REQUEST` with the field in `param`. */
function decodeRequest(fields: JsonObject, context: DecodeContext | undefined, dialect: string): TranscriptionRequest {
  const reader = new FormReader(fields);
  const request: Writable<TranscriptionRequest> = {
    model: modelOf(reader, context),
    file: reader.requiredFile('file'),
    stream: reader.boolean('stream') === true,
  };
  const language = reader.text('language');
  if (language !== undefined) request.language = language;
  const prompt = reader.text('prompt');
  if (prompt !== undefined) request.prompt = prompt;
  const format = reader.text('response_format');
  if (format !== undefined) request.format = format;
  const temperature = reader.number('temperature');
  if (temperature !== undefined) request.temperature = temperature;
  const timestamps = reader.texts('timestamp_granularities');
  if (timestamps !== undefined) request.timestamps = timestamps;
  const rest = restOf(reader.unknown(), dialect);
  if (rest !== undefined) request.rest = rest;
  return request;
}

function encodeRequest(request: TranscriptionRequest, context: EncodeContext, dialect: string): JsonObject {
  const { file, language, prompt, format, temperature, timestamps, rest } = request;
  const fields: JsonObject = { model: context.model };
  if (language !== undefined) fields['language'] = language;
  if (prompt !== undefined) fields['prompt'] = prompt;
  if (format !== undefined) fields['response_format'] = format;
  if (temperature !== undefined) fields['temperature'] = temperature;
  if (timestamps !== undefined) fields['timestamp_granularities[]'] = timestamps;
  if (request.stream) fields['stream'] = true;
  refuseForeign(rest, '', context, dialect);
  addOwnFields(fields, rest, dialect);
  fields['file'] = file;
  return fields;
}

/** Throws `GW_UPSTREAM_INVALID`. */
function decodeResponse(body: JsonObject, dialect: string): TranscriptionResponse {
  const { text } = body;
  if (typeof text !== 'string') throw wrongType(replyFault('a transcript'), 'text', 'a string', text);
  const response: Writable<TranscriptionResponse> = { text };
  const language = textOf(body['language']);
  if (language !== undefined) response.language = language;
  const duration = secondsOf(body['duration']);
  if (duration !== undefined) response.duration = duration;
  const usage = usageOf(body['usage'], duration, dialect);
  if (usage !== undefined) response.usage = usage;
  const rest = restOf(unknownFields(body, KNOWN), dialect);
  if (rest !== undefined) response.rest = rest;
  return response;
}

function encodeResponse(response: TranscriptionResponse, context: EncodeContext, dialect: string): JsonObject {
  const { text, language, duration, usage, rest } = response;
  const body: JsonObject = { text };
  if (language !== undefined) body['language'] = language;
  if (duration !== undefined) body['duration'] = duration;
  if (usage?.raw !== undefined) body['usage'] = encodeUsage(usage, dialect);
  refuseForeign(rest, '', context, dialect);
  addOwnFields(body, rest, dialect);
  return body;
}

/** Where no usage is told, but how long the sound is: that is what such models are billed by. */
function usageOf(block: unknown, seconds: number | undefined, dialect: string): Usage | undefined {
  const told = decodeUsage(block, dialect, 'text');
  return told !== undefined || seconds === undefined ? told : { ...NO_USAGE, units: { seconds } };
}

/** Some servers, and older answers of the API, write it as a text. */
function secondsOf(duration: unknown): number | undefined {
  const seconds = typeof duration === 'string' ? Number.parseFloat(duration) : duration;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : undefined;
}

function summarize(body: Outline, dialect: string): Summary {
  if (!body.has('text')) {
    const error = errorInside(body.json());
    return error === undefined ? {} : { error };
  }
  const usage = usageOf(body.value('usage'), secondsOf(body.value('duration')), dialect);
  return usage === undefined ? {} : { usage };
}
