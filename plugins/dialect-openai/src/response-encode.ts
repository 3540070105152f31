/** Writes a chat completion. */
import type { Candidate, ChatResponse, EncodeContext, JsonObject, Logprobs } from '@gatewright/core';
import { encodeAssistant } from './assistant.ts';
import { DIALECT } from './dialect-id.ts';
import { isObject } from './json-value.ts';
import { addOwnFields, ownFields, refuseForeign } from './rest.ts';
import { respell, respellFrom } from './spelling.ts';
import { encodeStop } from './stop.ts';
import { answerTier } from './tier.ts';
import { encodeUsage } from './usage.ts';

/** The note that holds how the message of a choice was spelled. */
export const MESSAGE = '$message';

/** The body for an answer, of whatever dialect it came from. */
export function encodeResponse(response: ChatResponse, context: EncodeContext): JsonObject {
  refuseForeign(response.rest, '', context);
  const body = respellFrom(headOf(response, context), response.rest);
  body['choices'] = response.candidates.map((candidate, position) => encodeCandidate(candidate, position, context));
  return body;
}

/** All members but the choices, before they are spelled as the provider spelled them. */
export function headOf(response: ChatResponse, context: EncodeContext): JsonObject {
  const body: JsonObject = {
    id: response.id,
    object: 'chat.completion',
    // Zero where the other dialect does not tell: the API wants a number.
    created: response.created ?? 0,
    model: context.model,
    choices: [],
  };
  if (response.usage !== undefined) body['usage'] = encodeUsage(response.usage);
  const tier = answerTier(response.serviceTier, response.rest?.dialect === DIALECT);
  if (tier !== undefined) body['service_tier'] = tier;
  addOwnFields(body, response.rest);
  return body;
}

function encodeCandidate(candidate: Candidate, position: number, context: EncodeContext): JsonObject {
  const path = `choices[${position}]`;
  refuseForeign(candidate.rest, path, context);
  refuseForeign(candidate.stop?.rest, path, context);
  const choice = respellFrom(choiceOf(candidate), candidate.rest);
  choice['message'] = respell(messageOf(candidate, path, context), ownFields(candidate.rest)[MESSAGE]);
  return choice;
}

/** A choice without the spelling of its provider, and without its message. */
export function choiceOf(candidate: Candidate): JsonObject {
  const choice: JsonObject = {
    index: candidate.index,
    message: null,
    logprobs: encodeLogprobs(candidate.logprobs),
    finish_reason: candidate.stop === undefined ? null : encodeStop(candidate.stop),
  };
  const fields = ownFields(candidate.rest);
  if (choice['logprobs'] === null && fields['logprobs'] !== undefined) choice['logprobs'] = fields['logprobs'];
  addOwnFields(choice, candidate.rest);
  return choice;
}

/** The message of a choice without the spelling of its provider. */
export function messageOf(candidate: Candidate, path: string, context: EncodeContext): JsonObject {
  const message = { refusal: null, ...encodeAssistant(candidate.parts, `${path}.message`, context, 'client') };
  const unknown = ownFields(candidate.rest)['message'];
  return isObject(unknown) ? { ...unknown, ...message } : message;
}

/** Both lists stand there, null where there is none. */
export function encodeLogprobs(logprobs: Logprobs | undefined): JsonObject | null {
  if (logprobs === undefined) return null;
  return { content: logprobs.content ?? null, refusal: logprobs.refusal ?? null };
}
