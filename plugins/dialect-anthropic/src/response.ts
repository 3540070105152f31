/** A whole answer: the message that the API gives back. */
import type { Candidate, ChatResponse, EncodeContext, JsonObject, Part, Rest, Stop } from '@gatewright/core';
import { decodeParts } from './block-reader.ts';
import { encodeParts } from './block-writer.ts';
import { MESSAGES } from './names.ts';
import { isMissing, isObject, Reading } from './reading.ts';
import { hint, keeper, omit, restFields } from './rest.ts';
import { decodeStop, encodeReason } from './stop.ts';
import { decodeUsage, encodeUsage } from './usage.ts';
import { Writing } from '@gatewright/core/wire';

/** Fields that are always written. */
const ALWAYS = ['id', 'type', 'role', 'model', 'stop_reason', 'stop_sequence'];

/** What a message tells besides its content and its stop; the start of a stream tells the same. */
export function decodeEnvelope(message: JsonObject, at: Reading): Omit<ChatResponse, 'candidates'> {
  const usage = decodeUsage(message['usage']);
  const tier = usage?.raw?.value['service_tier'];
  const absent = ALWAYS.filter((key) => !(key in message));
  const hints = { $absent: absent.length === 0 ? undefined : absent };
  const others = omit(message, ...ALWAYS, 'content');
  return {
    id: isMissing(message['id']) ? '' : at.at('id').string(message['id']),
    model: isMissing(message['model']) ? '' : at.at('model').string(message['model']),
    ...(usage === undefined ? {} : { usage }),
    ...(typeof tier === 'string' ? { serviceTier: tier } : {}),
    // Always there, also when empty: it says that the answer was read in this dialect.
    rest: { dialect: MESSAGES, fields: restFields(others, omit(others, 'stop_details', 'usage'), hints) },
  };
}

/** Throws `GW_UPSTREAM_INVALID` where the body is no message. */
export function decodeResponse(body: JsonObject): ChatResponse {
  const at = Reading.reply();
  if (!Array.isArray(body['content'])) throw at.at('content').fail('is missing; it must be a list of blocks');
  const stop = decodeStop(body, isMissing(body['stop_details']) ? {} : { stop_details: body['stop_details'] });
  const parts = decodeParts(body['content'], at.at('content'));
  return {
    ...decodeEnvelope(body, at),
    candidates: [{ index: 0, parts, ...(stop === undefined ? {} : { stop }) }],
  };
}

/** The message without content and stop, as the start of a stream shows it. */
export function encodeEnvelope(response: Omit<ChatResponse, 'candidates'>, at: Writing): JsonObject {
  return {
    id: response.id,
    type: 'message',
    role: 'assistant',
    model: at.model === '' ? response.model : at.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: encodeUsage(response.usage, response.serviceTier),
  };
}

export function encodeResponse(response: ChatResponse, context: EncodeContext): JsonObject {
  const at = Writing.to('client', response.rest, context, keeper);
  const [candidate, ...others] = response.candidates;
  if (others.length > 0) at.at('choices').unsupported('A message of this dialect is one answer.');
  const known: JsonObject = {
    ...encodeEnvelope(response, at),
    content: encodeParts(candidate?.parts ?? [], at.at('content')),
    ...encodeStop(candidate, at),
  };
  if (at.own && response.usage === undefined) delete known['usage'];
  return at.complete(known, response.rest);
}

function encodeStop(candidate: Candidate | undefined, at: Writing): JsonObject {
  if (candidate === undefined) return {};
  const { stop, logprobs } = candidate;
  if (logprobs !== undefined) at.at('logprobs').unsupported('This dialect has no log probabilities.');
  at.refuse(candidate.rest);
  return {
    stop_reason: encodeReason(
      stop,
      candidate.parts.map((part: Part) => part.type),
    ),
    stop_sequence: stop?.sequence ?? null,
    ...stopFields(stop, at),
  };
}

/** Details of the stop, and what came with it at the end of a stream. */
function stopFields(stop: Stop | undefined, at: Writing): JsonObject {
  const rest: Rest | undefined = stop?.rest;
  const beside = hint(rest, '$event');
  return { ...at.complete({}, rest), ...(isObject(beside) ? beside : {}) };
}
