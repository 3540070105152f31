/** The tools of a request. */
import type { FunctionTool, JsonObject, Tool } from '@gatewright/core';
import { encodeCache, markAndRest } from './cache-mark.ts';
import { MESSAGES } from './names.ts';
import { isMissing, type Reading } from './reading.ts';
import { compact } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

export function decodeTools(value: unknown, at: Reading): Tool[] {
  return at.list(value).map((tool, index) => decodeTool(tool, at.at(index)));
}

/** A tool of the client has no type, or the type `custom`; all others run on the server or have a schema of their own. */
function decodeTool(value: unknown, at: Reading): Tool {
  const tool = at.object(value);
  const { type, description, strict } = tool;
  if (!isMissing(type) && type !== 'custom') return { kind: 'opaque', dialect: MESSAGES, value: tool };
  const extra = compact(needless(tool));
  const known = ['name', 'description', 'input_schema', 'strict', ...Object.keys(extra)];
  return {
    kind: 'function',
    name: at.at('name').string(tool['name']),
    ...(isMissing(description) ? {} : { description: at.at('description').string(description) }),
    parameters: at.at('input_schema').object(tool['input_schema']),
    ...(isMissing(strict) ? {} : { strict: at.at('strict').boolean(strict) }),
    ...markAndRest(tool, known, { $extra: Object.keys(extra).length === 0 ? undefined : extra }),
  };
}

/** What another dialect need not be told: how early the arguments are streamed, and what every tool is without it. */
function needless(tool: JsonObject): JsonObject {
  const { allowed_callers: callers, defer_loading: deferred } = tool;
  const direct = Array.isArray(callers) && callers.length === 1 && callers[0] === 'direct';
  return {
    type: tool['type'] ?? undefined,
    eager_input_streaming: tool['eager_input_streaming'] ?? undefined,
    allowed_callers: direct ? callers : undefined,
    defer_loading: deferred === false ? deferred : undefined,
  };
}

export function encodeTools(tools: readonly Tool[], at: Writing): JsonObject[] {
  const encoded: JsonObject[] = [];
  for (const [index, tool] of tools.entries()) {
    if (tool.kind === 'function') encoded.push(encodeFunction(tool, at.at(index)));
    else if (tool.dialect === MESSAGES) encoded.push(tool.value);
    else at.at(index).unsupported(`Only the dialect ${tool.dialect} has this tool.`);
  }
  return encoded;
}

function encodeFunction(tool: FunctionTool, at: Writing): JsonObject {
  const encoded = compact({
    name: tool.name,
    description: tool.description,
    input_schema: schemaOf(tool, at.own),
    strict: tool.strict,
    cache_control: tool.cache === undefined ? undefined : encodeCache(tool.cache),
  });
  return at.complete(encoded, tool.rest);
}

/** The schema must be one of an object. */
function schemaOf({ parameters }: FunctionTool, own: boolean): JsonObject {
  if (parameters === undefined) return { type: 'object', properties: {} };
  return own || parameters['type'] !== undefined ? parameters : { type: 'object', ...parameters };
}
