/** Reads the body of a chat completion request. */
import type { ChatRequest, DecodeContext, JsonObject } from '@gatewright/core';
import { DIALECT } from './dialect-id.ts';
import { badRequest } from './fault.ts';
import type { Writable } from './json-value.ts';
import { decodeMessages } from './messages-decode.ts';
import { modelOf } from './plain-codec.ts';
import { Reader } from './reader.ts';
import { settingsOf } from './request-encode.ts';
import { QUIET } from './quiet-context.ts';
import { LEGACY_CHOICE, readSettings, remainder } from './settings-decode.ts';
import { SPELLED, spellingOf } from './spelling.ts';
import { decodeToolChoice, decodeTools } from './tools.ts';

/** Members that are written back item by item, or from the target, and so need no spelling here. */
const ITEMWISE: ReadonlySet<string> = new Set(['model', 'messages']);
const WITH_TOOLS: ReadonlySet<string> = new Set([...ITEMWISE, 'tools', 'functions']);

/** The neutral form of a request. Throws `GW_BAD_REQUEST` with the path of what is wrong in `param`. */
export function decodeRequest(body: JsonObject, context?: DecodeContext): ChatRequest {
  const reader = new Reader(body, '', badRequest);
  const request: Writable<ChatRequest> = {
    model: modelOf(reader, context),
    messages: decodeMessages(reader.take('messages')),
    stream: false,
  };
  const fields = readSettings(reader, request);
  readTools(reader, request, fields);
  Object.assign(fields, remainder(reader));
  // A rest is always there: it says that the request came in this dialect.
  request.rest = { dialect: DIALECT, fields };
  const hasTools = request.tools !== undefined;
  const spelled = spellingOf(body, settingsOf(request, QUIET), hasTools ? WITH_TOOLS : ITEMWISE);
  if (spelled !== undefined) fields[SPELLED] = spelled;
  return request;
}

function readTools(reader: Reader, request: Writable<ChatRequest>, notes: JsonObject): void {
  const tools = decodeTools(reader.array('tools'), reader.array('functions'));
  if (tools.length > 0) request.tools = tools;
  const choice = reader.take('tool_choice');
  if (choice !== undefined) request.toolChoice = decodeToolChoice(choice, 'tool_choice');
  const legacy = reader.take('function_call');
  if (legacy === undefined || choice !== undefined) return;
  request.toolChoice = decodeToolChoice(legacy, 'function_call');
  notes[LEGACY_CHOICE] = true;
}
