/** Writes the neutral request as the body of a chat or of a token count. */
import type { ChatRequest, EncodeContext, JsonObject } from '@gatewright/core';
import { encodeContents } from './contents.ts';
import { encodeSettings } from './generation-config.ts';
import { compact, keeper, note } from './rest.ts';
import { encodeToolConfig } from './tool-config.ts';
import { encodeTools } from './tools.ts';
import { Writing } from '@gatewright/core/wire';

export function encodeRequest(request: ChatRequest, context: EncodeContext): JsonObject {
  const at = writingOf(request, context);
  refuseSettings(request, at);
  const known = {
    ...prompt(request, at),
    generationConfig: encodeSettings(request, at),
    serviceTier: serviceTier(request, at),
  };
  return at.complete(compact(known), request.rest);
}

/**
 * The body of a token count: what the model would read, and nothing of how it should answer. The API counts system
 * instruction and tools only where all of the request is given, which must name the model then.
 */
export function encodeCountRequest(request: ChatRequest, context: EncodeContext): JsonObject {
  const at = writingOf(request, context);
  const { systemInstruction, contents, ...others } = prompt(request, at);
  if (at.own) {
    const settings = { generationConfig: encodeSettings(request, at), serviceTier: request.serviceTier };
    const body = at.complete(compact({ systemInstruction, contents, ...others, ...settings }), request.rest);
    return note(request.rest, '$whole') === true ? { generateContentRequest: body } : body;
  }
  if (systemInstruction === undefined && others['tools'] === undefined) return { contents };
  const model = `models/${at.model}`;
  return { generateContentRequest: compact({ ...others, model, systemInstruction, contents }) };
}

function writingOf(request: ChatRequest, context: EncodeContext): Writing {
  return Writing.to('provider', request.rest, context, keeper);
}

function prompt(request: ChatRequest, at: Writing): JsonObject {
  const { tools } = request;
  const named = note(request.rest, '$model') === true;
  return {
    model: named ? `models/${at.model}` : undefined,
    ...encodeContents(request.messages, at.at('messages')),
    tools: tools === undefined ? undefined : encodeTools(tools, at.at('tools')),
    toolConfig: encodeToolConfig(request, at),
  };
}

/** The tiers of this dialect are `standard`, `flex` and `priority`; others call the first one `default`. */
function serviceTier({ serviceTier }: ChatRequest, at: Writing): string | undefined {
  if (at.own || serviceTier === 'flex' || serviceTier === 'priority') return serviceTier;
  if (serviceTier === undefined || serviceTier === 'auto') return undefined;
  if (serviceTier === 'default' || serviceTier === 'standard' || serviceTier === 'standard_only') return 'standard';
  at.at('service_tier').unsupported(`This dialect has no tier "${serviceTier}".`);
  return undefined;
}

/** Settings that this dialect has no field for, by the names that most clients know them by. */
function refuseSettings(request: ChatRequest, at: Writing): void {
  if (request.cache !== undefined) {
    at.at('cache_control').warn('Cache marks of other dialects are left out: prompts are cached without them.');
  }
  if (request.endUser !== undefined) at.at('user').warn('This dialect does not tell users apart.');
  if (Object.keys(request.metadata ?? {}).length > 0) at.at('metadata').unsupported('This dialect has no such field.');
}
