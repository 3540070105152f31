/** The body of a chat request (https://docs.ollama.com/api/chat). */
import type { ChatRequest, EncodeContext, JsonObject } from '@gatewright/core';
import { decodeMessages } from './messages-reader.ts';
import { encodeMessages } from './messages-writer.ts';
import { CHAT } from './names.ts';
import { isMissing, Place } from './reading.ts';
import { compact, kept, note, omit } from './rest.ts';
import { decodeFormat, decodeOptions, decodeThink, type Draft } from './settings-reader.ts';
import { encodeFormat, encodeOptions, encodeThink, refuseSettings } from './settings-writer.ts';
import { decodeTools, encodeTools } from './tools.ts';

const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'stream',
  'tools',
  'format',
  'think',
  'options',
  'keep_alive',
]);

/** Throws `GW_BAD_REQUEST` with `param`. */
export function decodeRequest(body: JsonObject): ChatRequest {
  const at = new Place('request');
  const { tools, format, think, stream, keep_alive: keepAlive } = body;
  const draft: Draft = {
    model: at.at('model').string(body['model']),
    messages: decodeMessages(body['messages'] ?? [], at.at('messages')),
    stream: stream !== false,
  };
  // This dialect always tells the usage.
  if (draft.stream) draft.streamUsage = true;
  if (!isMissing(tools)) draft.tools = decodeTools(tools, at.at('tools'));
  const responseFormat = decodeFormat(format, at.at('format'));
  if (responseFormat !== undefined) draft.responseFormat = responseFormat;
  const reasoning = decodeThink(think, at.at('think'));
  if (reasoning !== undefined) draft.reasoning = reasoning;
  const left = decodeOptions(body['options'], draft, at.at('options'));
  const notes = isMissing(keepAlive) ? {} : { $keepAlive: keepAlive };
  // Always there, also when empty: it says that the request was read in this dialect.
  draft.rest = { dialect: CHAT, fields: { ...compact(omit(body, KNOWN)), ...left, ...notes } };
  return draft;
}

export function encodeRequest(request: ChatRequest, context: EncodeContext): JsonObject {
  const own = request.rest?.dialect === CHAT;
  refuseSettings(request, context);
  const { tools, toolChoice } = request;
  const known = {
    model: context.model,
    messages: encodeMessages(request.messages, context),
    tools: tools === undefined || toolChoice?.kind === 'none' ? undefined : encodeTools(tools, context),
    format: encodeFormat(request.responseFormat),
    think: encodeThink(request.reasoning, own, context.model),
    options: encodeOptions(request),
    keep_alive: note(request.rest, '$keepAlive'),
    // A stream is what comes where nobody says otherwise.
    stream: request.stream,
  };
  return { ...kept(request.rest, '', context), ...compact(known) };
}
