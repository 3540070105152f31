/** Writes the body of a request. */
import type { ChatRequest, EncodeContext, JsonObject } from '@gatewright/core';
import { warnOfCache } from '../content-encode.ts';
import { fromChat } from '../sibling.ts';
import { encodeMessages } from './messages-encode.ts';
import { refuseForeign, respellFrom } from './rest.ts';
import { writeSettings } from './settings-encode.ts';
import { encodeToolChoice, encodeTools } from './tools.ts';

/** The body for a request, of whatever dialect it came from. */
export function encodeRequest(request: ChatRequest, context: EncodeContext): JsonObject {
  const adopted = fromChat(request.rest);
  refuseForeign(adopted.rest, '', context);
  if (request.cache !== undefined) warnOfCache(context);
  const settings = writtenSettings(request, context);
  const { verbosity, ...fields } = adopted.fields;
  if (verbosity !== undefined) settings['text'] = { ...(settings['text'] as JsonObject | undefined), verbosity };
  return { model: context.model, ...encodeMessages(request.messages, context), ...settings, ...fields };
}

/** All members but the model and the messages, as the client spelled them. */
export function writtenSettings(request: ChatRequest, context: EncodeContext): JsonObject {
  const settings = settingsOf(request, context);
  if (request.tools !== undefined) settings['tools'] = encodeTools(request.tools, context);
  return respellFrom(settings, request.rest);
}

/** All members but the model, the messages and the tools, before they are spelled as the client spelled them. */
export function settingsOf(request: ChatRequest, context: EncodeContext): JsonObject {
  const body: JsonObject = {};
  writeSettings(request, body, context);
  const choice = request.toolChoice === undefined ? undefined : encodeToolChoice(request.toolChoice, context);
  if (choice !== undefined) body['tool_choice'] = choice;
  return body;
}
