/** Reads the body of a request. */
import type { ChatRequest, DecodeContext, JsonObject } from '@gatewright/core';
import { badRequest } from '../fault.ts';
import { isVoid, type Writable } from '../json-value.ts';
import { QUIET } from '../quiet-context.ts';
import { Reader } from '../reader.ts';
import { SPELLED, spellingOf } from '../spelling.ts';
import { RESPONSES } from './dialect-id.ts';
import { decodeMessages } from './messages-decode.ts';
import { settingsOf } from './request-encode.ts';
import { readSettings, remainder } from './settings-decode.ts';
import { decodeToolChoice, decodeTools } from './tools.ts';

/** The neutral form of a request. Throws `GW_BAD_REQUEST` with the path of what is wrong in `param`. */
export function decodeRequest(body: JsonObject, context?: DecodeContext): ChatRequest {
  const reader = new Reader(body, '', badRequest);
  const request: Writable<ChatRequest> = {
    model: modelOf(reader, context),
    messages: decodeMessages(reader),
    stream: false,
  };
  const fields = readSettings(reader, request);
  const tools = decodeTools(reader.array('tools') ?? []);
  if (tools.length > 0) request.tools = tools;
  const choice = reader.take('tool_choice');
  if (choice !== undefined) request.toolChoice = decodeToolChoice(choice);
  Object.assign(fields, remainder(reader));
  // A rest is always there: it says that the request came in this dialect.
  request.rest = { dialect: RESPONSES, fields };
  // Those are written back item by item, or from the target.
  const skipped = new Set(['model', ...['input', 'instructions', 'tools'].filter((key) => !isVoid(body[key]))]);
  const spelled = spellingOf(body, settingsOf(request, QUIET), skipped);
  if (spelled !== undefined) fields[SPELLED] = spelled;
  return request;
}

function modelOf(reader: Reader, context: DecodeContext | undefined): string {
  if (context?.model === undefined || context.model === '') return reader.requiredString('model');
  reader.take('model');
  return context.model;
}
