/** The tools of a request, and which of them the model must call. */
import type { ChatRequest, FunctionTool, JsonObject, Tool, ToolChoice } from '@gatewright/core';
import { CHAT } from './names.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import { besides, compact, hint, isKnown, omit, restFields, restore } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

/** `strict`: the request's `strict_tools`, which is for all tools at once. */
export function decodeTools(value: unknown, strict: boolean, at: Reading): Tool[] {
  return at.list(value).map((tool, index) => decodeTool(tool, strict, at.at(index)));
}

const TOOL_FIELDS = ['type', 'function'];
const FUNCTION_FIELDS = ['name', 'description', 'parameters'];

function decodeTool(value: unknown, strict: boolean, at: Reading): Tool {
  const tool = at.object(value);
  const { type, function: found } = tool;
  if ((!isMissing(type) && type !== 'function') || !isObject(found)) {
    return { kind: 'opaque', dialect: CHAT, value: tool };
  }
  const place = at.at('function');
  const { description, parameters } = found;
  return {
    kind: 'function',
    name: place.at('name').string(found['name']),
    ...(isMissing(description) ? {} : { description: place.at('description').string(description) }),
    ...(isMissing(parameters) ? {} : { parameters: place.at('parameters').object(parameters) }),
    ...(strict ? { strict } : {}),
    ...besides(found, FUNCTION_FIELDS, { $tool: shapeOf(tool) }),
  };
}

/** What the object around the function has besides it, as a hint; undefined where it is only the type. */
function shapeOf(tool: JsonObject): JsonObject | undefined {
  const absent = tool['type'] === undefined ? ['type'] : undefined;
  if (absent === undefined && isKnown(tool, TOOL_FIELDS)) return undefined;
  const fields = restFields(tool, omit(tool, ...TOOL_FIELDS), { $absent: absent });
  return Object.keys(fields).length === 0 ? undefined : fields;
}

/** The choices that the API has words for; without a word the model is free to choose. */
const KINDS: Readonly<Record<string, ToolChoice>> = { REQUIRED: { kind: 'required' }, NONE: { kind: 'none' } };

export function decodeChoice(value: unknown, at: Reading): ToolChoice {
  const word = at.string(value);
  return Object.hasOwn(KINDS, word) ? (KINDS[word] as ToolChoice) : { kind: 'opaque', dialect: CHAT, value: word };
}

/** Tools, choice and strictness, as the fields of the body that they go into. */
export function encodeTools(request: ChatRequest, at: Writing): JsonObject {
  const { tools, toolChoice: choice, parallelTools } = request;
  if (tools === undefined || (tools.length === 0 && !at.own)) {
    return at.own && choice !== undefined ? { tool_choice: encodeChoice(choice, at.at('tool_choice')) } : {};
  }
  if (parallelTools === false) {
    at.at('parallel_tool_calls').unsupported('This dialect cannot forbid several calls at once.');
  }
  const wanted = choice?.kind === 'tool' ? onlyNamed(tools, choice.name, at) : tools;
  return {
    tools: encodeList(wanted, at.at('tools')),
    strict_tools: encodeStrict(wanted, at),
    tool_choice: choice === undefined ? undefined : encodeChoice(choice, at.at('tool_choice')),
  };
}

/** A tool cannot be named here; but where it is the only one, some tool must be called is the same. */
function onlyNamed(tools: readonly Tool[], name: string, at: Writing): readonly Tool[] {
  const named = tools.filter((tool) => tool.kind === 'function' && tool.name === name);
  if (named.length === 0) {
    at.at('tool_choice').unsupported(`There is no tool "${name}" among the tools.`);
    return tools;
  }
  if (named.length < tools.length) {
    at.at('tools').warn(
      `To make the model call "${name}", the other tools are left out: this dialect cannot name one.`,
    );
  }
  return named;
}

function encodeList(tools: readonly Tool[], at: Writing): JsonObject[] {
  const encoded: JsonObject[] = [];
  for (const [index, tool] of tools.entries()) {
    if (tool.kind === 'function') encoded.push(encodeFunction(tool, at.at(index)));
    else if (tool.dialect === CHAT) encoded.push(tool.value);
    else at.at(index).unsupported(`Only the dialect ${tool.dialect} has this tool.`);
  }
  return encoded;
}

function encodeFunction(tool: FunctionTool, at: Writing): JsonObject {
  const { name, description, parameters, cache } = tool;
  if (cache !== undefined) at.warn('Cache marks of other dialects are left out: prompts are cached without them.');
  // The API demands parameters.
  const schema = at.own ? parameters : { type: 'object', ...(parameters ?? { properties: {} }) };
  const known = at.complete(compact({ name, description, parameters: schema }), tool.rest);
  const around = hint(tool.rest, '$tool') as JsonObject | undefined;
  return restore({ type: 'function', function: known }, around);
}

/** Strictness is for all tools or for none. */
function encodeStrict(tools: readonly Tool[], at: Writing): boolean | undefined {
  const functions = tools.filter((tool) => tool.kind === 'function');
  const strict = functions.filter((tool) => tool.strict === true).length;
  if (strict === 0) return undefined;
  if (strict === functions.length) return true;
  at.at('tools').at('strict').unsupported('In this dialect all tools are strict, or none is.');
  return undefined;
}

function encodeChoice(choice: ToolChoice, at: Writing): string | undefined {
  switch (choice.kind) {
    case 'auto':
      return undefined;
    case 'none':
      return 'NONE';
    case 'required':
    case 'tool':
      return 'REQUIRED';
    case 'opaque':
      if (choice.dialect === CHAT) return choice.value as string;
      at.unsupported(`Only the dialect ${choice.dialect} has this choice.`);
      return undefined;
  }
}
