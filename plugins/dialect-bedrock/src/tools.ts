/** The tools of a request, and which of them the model must call. */
import type { ChatRequest, FunctionTool, JsonObject, Tool, ToolChoice } from '@gatewright/core';
import { decodeMarked, encodeCachePoint } from './cache-point.ts';
import { CONVERSE } from './names.ts';
import { compact, nested, omit, restore, restoreNested, withRest } from './rest.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import type { Writing } from '@gatewright/core/wire';

export interface DecodedTools {
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  /** For the rest of the request. */
  readonly kept: JsonObject;
}

export function decodeTools(value: unknown, at: Reading): DecodedTools {
  const config = at.object(value);
  const { tools, toolChoice: choice } = config;
  const place = at.at('tools');
  return {
    ...(isMissing(tools)
      ? {}
      : { tools: decodeMarked(place.list(tools), (tool, index) => decodeTool(tool, place.at(index))) as Tool[] }),
    ...(isMissing(choice) ? {} : { toolChoice: decodeChoice(choice, at.at('toolChoice')) }),
    kept: nested('toolConfig', config, ['tools', 'toolChoice']),
  };
}

/** Tools of the system run on the server: only this dialect knows them. */
function decodeTool(value: unknown, at: Reading): FunctionTool | (Tool & { cache?: never }) {
  const tool = at.object(value);
  const { toolSpec: found } = tool;
  if (!isObject(found) || Object.keys(tool).length !== 1) return { kind: 'opaque', dialect: CONVERSE, value: tool };
  const place = at.at('toolSpec');
  const { description, strict, inputSchema } = found;
  const schema = isMissing(inputSchema) ? {} : place.at('inputSchema').object(inputSchema);
  if (!isObject(schema['json']) || Object.keys(schema).length !== 1) {
    throw place.at('inputSchema').fail('must be {"json": a JSON Schema}');
  }
  return {
    kind: 'function',
    name: place.at('name').string(found['name']),
    ...(isMissing(description) ? {} : { description: place.at('description').string(description) }),
    parameters: schema['json'],
    ...(isMissing(strict) ? {} : { strict: place.at('strict').boolean(strict) }),
    ...withRest(found, omit(found, 'name', 'description', 'inputSchema', 'strict')),
  };
}

function decodeChoice(value: unknown, at: Reading): ToolChoice {
  const choice = at.object(value);
  const [[kind, inner] = ['', undefined], ...others] = Object.entries(choice);
  if (others.length === 0 && isObject(inner)) {
    const size = Object.keys(inner).length;
    if (kind === 'auto' && size === 0) return { kind: 'auto' };
    if (kind === 'any' && size === 0) return { kind: 'required' };
    if (kind === 'tool' && size === 1) return { kind: 'tool', name: at.at('tool').at('name').string(inner['name']) };
  }
  return { kind: 'opaque', dialect: CONVERSE, value: choice };
}

/** Tools and choice as JSON; undefined where there is nothing to say. */
export function encodeTools(request: ChatRequest, at: Writing): JsonObject | undefined {
  const { tools = [], toolChoice: choice, parallelTools } = request;
  const place = at.at('tools');
  if (parallelTools === false && tools.length > 0) {
    at.at('parallel_tool_calls').unsupported('This dialect cannot forbid several calls at once.');
  }
  if (at.own) {
    const own = compact({
      tools: request.tools === undefined ? undefined : encodeList(tools, place),
      toolChoice: choice === undefined ? undefined : encodeChoice(choice, at.at('tool_choice')),
    });
    return restoreNested('toolConfig', own, request.rest);
  }
  if (tools.length === 0) return undefined;
  if (choice?.kind === 'none') return forbidden(request, tools, at);
  const encoded = choice === undefined ? undefined : encodeChoice(choice, at.at('tool_choice'));
  return compact({ tools: encodeList(tools, place), toolChoice: encoded });
}

/** Tools that must not be called are not sent, unless they were called before: then the API wants to see them. */
function forbidden({ messages }: ChatRequest, tools: readonly Tool[], at: Writing): JsonObject | undefined {
  const wereCalled = messages.some(({ parts }) =>
    parts.some(({ type }) => type === 'tool-call' || type === 'tool-result'),
  );
  if (!wereCalled) return undefined;
  at.at('tool_choice').unsupported('This dialect cannot forbid tools that were called before.');
  return { tools: encodeList(tools, at.at('tools')) };
}

function encodeList(tools: readonly Tool[], at: Writing): JsonObject[] {
  const encoded: JsonObject[] = [];
  for (const [index, tool] of tools.entries()) {
    if (tool.kind === 'function') encoded.push({ toolSpec: encodeFunction(tool, at.at(index)) });
    else if (tool.dialect === CONVERSE) encoded.push(tool.value);
    else at.at(index).unsupported(`Only the dialect ${tool.dialect} has this tool.`);
    const { cache } = tool as { cache?: FunctionTool['cache'] };
    if (cache !== undefined) encoded.push(encodeCachePoint(cache));
  }
  return encoded;
}

function encodeFunction(tool: FunctionTool, at: Writing): JsonObject {
  const { name, description, strict, parameters } = tool;
  // The API refuses an empty description.
  const said = description === '' && !at.own ? undefined : description;
  const schema = at.own ? parameters : { type: 'object', ...(parameters ?? { properties: {} }) };
  // `false` is what every model does that knows no `strict`.
  const isStrict = strict === false && !at.own ? undefined : strict;
  return at.complete(compact({ name, description: said, inputSchema: { json: schema }, strict: isStrict }), tool.rest);
}

function encodeChoice(choice: ToolChoice, at: Writing): JsonObject | undefined {
  switch (choice.kind) {
    case 'auto':
      return { auto: {} };
    case 'required':
      return { any: {} };
    case 'tool':
      return { tool: { name: choice.name } };
    case 'opaque':
      if (choice.dialect === CONVERSE) return restore(choice.value as JsonObject, undefined);
      at.unsupported(`Only the dialect ${choice.dialect} has this choice.`);
      return undefined;
    case 'none':
      at.unsupported('This dialect cannot forbid tools.');
      return undefined;
  }
}
