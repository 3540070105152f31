/** Writes the body of a chat completion request. */
import type { ChatRequest, EncodeContext, JsonObject } from '@gatewright/core';
import { warnOfCache } from './content-encode.ts';
import { encodeMessages } from './messages-encode.ts';
import { addOwnFields, ownFields, refuseForeign } from './rest.ts';
import { fromResponses } from './sibling.ts';
import { LEGACY_CHOICE } from './settings-decode.ts';
import { writeSettings } from './settings-encode.ts';
import { respellFrom } from './spelling.ts';
import { encodeToolChoice, encodeTools } from './tools.ts';

/** The body for a request, of whatever dialect it came from. */
export function encodeRequest(request: ChatRequest, context: EncodeContext): JsonObject {
  const adopted = fromResponses(request.rest);
  refuseForeign(adopted.rest, '', context);
  if (request.cache !== undefined) warnOfCache(context);
  return {
    model: context.model,
    messages: encodeMessages(request.messages, context),
    ...respellFrom(settingsOf(request, context), request.rest),
    ...adopted.fields,
  };
}

/** All members but the model and the messages, before they are spelled as the client spelled them. */
export function settingsOf(request: ChatRequest, context: EncodeContext): JsonObject {
  const body: JsonObject = {};
  writeSettings(request, body, context);
  if (request.tools !== undefined) encodeTools(request.tools, body, context);
  if (request.toolChoice !== undefined) {
    const legacy = ownFields(request.rest)[LEGACY_CHOICE] === true;
    encodeToolChoice(request.toolChoice, legacy, body, context);
  }
  addOwnFields(body, request.rest);
  return body;
}
