/** The tools of a request, which have the form of OpenAI's. */
import type { EncodeContext, FunctionTool, JsonObject, Tool } from '@gatewright/core';
import { CHAT } from './names.ts';
import { isMissing, isObject, type Place } from './reading.ts';
import { compact, kept, omit, withRest } from './rest.ts';

const KNOWN: ReadonlySet<string> = new Set(['name', 'description', 'parameters']);

export function decodeTools(value: unknown, at: Place): Tool[] {
  return at.list(value).map((item, index) => decodeTool(at.at(index).object(item), at.at(index)));
}

function decodeTool(tool: JsonObject, at: Place): Tool {
  const { type } = tool;
  if (!isMissing(type) && type !== 'function') return { kind: 'opaque', dialect: CHAT, value: tool };
  const place = at.at('function');
  const found = place.object(tool['function']);
  const { description, parameters } = found;
  return {
    kind: 'function',
    name: place.at('name').string(found['name']),
    ...(isMissing(description) ? {} : { description: place.at('description').string(description) }),
    ...(isObject(parameters) ? { parameters } : {}),
    ...withRest(omit(found, KNOWN)),
  };
}

export function encodeTools(tools: readonly Tool[], context: EncodeContext): JsonObject[] {
  return tools.flatMap((tool, index) => encodeTool(tool, `tools.${index}`, context));
}

function encodeTool(tool: Tool, path: string, context: EncodeContext): JsonObject[] {
  if (tool.kind === 'function') return [encodeFunction(tool, path, context)];
  if (tool.dialect === CHAT) return [{ ...tool.value }];
  context.unsupported(path, `Only the dialect ${tool.dialect} has this tool.`);
  return [];
}

function encodeFunction(tool: FunctionTool, path: string, context: EncodeContext): JsonObject {
  if (tool.strict === true) context.warn(`${path}.strict`, 'Ollama does not hold calls to their schema.');
  if (tool.cache !== undefined) context.warn(`${path}.cache_control`, 'Prompts are cached without marks.');
  const { name, description, parameters = { type: 'object', properties: {} } } = tool;
  const known = compact({ name, description, parameters });
  return { type: 'function', function: { ...known, ...kept(tool.rest, path, context) } };
}
