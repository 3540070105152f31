/** Reads the body of a chat or of a token count into the neutral request. */
import type { ChatRequest, DecodeContext, JsonObject } from '@gatewright/core';
import { decodeContents } from './contents.ts';
import { decodeSettings, type Draft } from './generation-config.ts';
import { GENERATE } from './names.ts';
import { isMissing, Reading } from './reading.ts';
import { omit, restFields } from './rest.ts';
import { decodeToolConfig } from './tool-config.ts';
import { decodeTools } from './tools.ts';

/** Fields that are always understood. The model and the stream are asked for in the path. */
const KNOWN = ['model', 'contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig', 'serviceTier'];

/** Throws `GW_BAD_REQUEST` with `param`. */
export function decodeRequest(body: JsonObject, context: DecodeContext): ChatRequest {
  const at = Reading.request();
  return readRequest(at.fields(body), context, at);
}

/** A count asks for contents alone, or for all of a request (https://ai.google.dev/api/tokens). */
export function decodeCountRequest(body: JsonObject, context: DecodeContext): ChatRequest {
  const at = Reading.request();
  const fields = at.fields(body);
  const { generateContentRequest: whole } = fields;
  if (isMissing(whole)) return readRequest(fields, context, at);
  const place = at.at('generateContentRequest');
  const request = readRequest(place.fields(whole), context, place);
  return { ...request, rest: { dialect: GENERATE, fields: { ...request.rest?.fields, $whole: true } } };
}

function readRequest(body: JsonObject, context: DecodeContext, at: Reading): ChatRequest {
  const { tools, toolConfig, generationConfig, serviceTier, model } = body;
  const request: Draft = {
    model:
      context.model ??
      (isMissing(model)
        ? ''
        : at
            .at('model')
            .string(model)
            .replace(/^models\//, '')),
    messages: decodeContents(body, at),
    stream: context.stream === true,
  };
  // This dialect always tells the usage.
  if (request.stream) request.streamUsage = true;
  const notes: JsonObject = { $model: isMissing(model) ? undefined : true };
  if (!isMissing(tools)) request.tools = decodeTools(tools, at.at('tools'));
  if (!isMissing(toolConfig)) {
    const { toolChoice, kept } = decodeToolConfig(toolConfig, at.at('toolConfig'));
    if (toolChoice !== undefined) request.toolChoice = toolChoice;
    Object.assign(notes, kept);
  }
  if (!isMissing(generationConfig)) {
    Object.assign(notes, decodeSettings(generationConfig, request, at.at('generationConfig')));
  }
  if (!isMissing(serviceTier)) request.serviceTier = at.at('serviceTier').string(serviceTier);
  // Always there, also when empty: it says that the request was read in this dialect.
  request.rest = { dialect: GENERATE, fields: restFields(omit(body, ...KNOWN), notes) };
  return request;
}
