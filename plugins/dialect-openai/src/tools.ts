/** The tools that a request offers, and which of them the model may or must call. */
import type { EncodeContext, FunctionTool, JsonObject, Tool, ToolChoice } from '@gatewright/core';
import { warnOfCache } from './content-encode.ts';
import { DIALECT } from './dialect-id.ts';
import { badRequest, wrongType } from './fault.ts';
import { isObject, type Writable } from './json-value.ts';
import { plainTool } from './plain-forms.ts';
import { Reader } from './reader.ts';
import { addOwnFields, ownFields, refuseForeign } from './rest.ts';
import { respellFrom, SPELLED, spellingOf } from './spelling.ts';
import { LEGACY } from './tool-calls.ts';

/** The tools of `tools`, then those of `functions`. */
export function decodeTools(tools: readonly unknown[] = [], functions: readonly unknown[] = []): Tool[] {
  return [
    ...tools.map((tool, index) => plainTool(tool) ?? decodeTool(tool, `tools[${index}]`)),
    ...functions.map((tool, index) => decodeFunction(tool, `functions[${index}]`)),
  ];
}

function decodeTool(value: unknown, path: string): Tool {
  if (!isObject(value)) throw wrongType(badRequest, path, 'a tool', value);
  const reader = new Reader(value, path, badRequest);
  if (reader.requiredString('type') !== 'function') return { kind: 'opaque', dialect: DIALECT, value };
  const inner = new Reader(reader.requiredObject('function'), `${path}.function`, badRequest);
  const tool = readFunction(inner);
  const fields = reader.unknown();
  const unknown = inner.unknown();
  if (Object.keys(unknown).length > 0) fields['function'] = unknown;
  return withRest(tool, fields, value);
}

function decodeFunction(value: unknown, path: string): FunctionTool {
  if (!isObject(value)) throw wrongType(badRequest, path, 'a function', value);
  const reader = new Reader(value, path, badRequest);
  const tool = readFunction(reader);
  return withRest(tool, { ...reader.unknown(), [LEGACY]: true }, value);
}

function readFunction(reader: Reader): Writable<FunctionTool> {
  const tool: Writable<FunctionTool> = { kind: 'function', name: reader.requiredString('name') };
  const description = reader.string('description');
  if (description !== undefined) tool.description = description;
  const parameters = reader.object('parameters');
  if (parameters !== undefined) tool.parameters = parameters;
  // False is what the API does without being asked.
  if (reader.boolean('strict') === true) tool.strict = true;
  return tool;
}

function withRest(tool: Writable<FunctionTool>, fields: JsonObject, value: JsonObject): FunctionTool {
  if (Object.keys(fields).length > 0) tool.rest = { dialect: DIALECT, fields };
  const spelled = spellingOf(value, encodeFunctionTool(tool));
  if (spelled !== undefined) tool.rest = { dialect: DIALECT, fields: { ...fields, [SPELLED]: spelled } };
  return tool;
}

const isLegacy = (tool: Tool): boolean => tool.kind === 'function' && ownFields(tool.rest)[LEGACY] === true;

/** Writes the tools into a request, as `tools` and, where they came so, as `functions`. */
export function encodeTools(tools: readonly Tool[], body: JsonObject, context: EncodeContext): void {
  const written: JsonObject[] = [];
  const functions: JsonObject[] = [];
  for (const [index, tool] of tools.entries()) {
    const path = `tools[${index}]`;
    if (tool.kind === 'opaque') {
      if (tool.dialect === DIALECT) written.push({ ...tool.value });
      else
        context.unsupported(
          path,
          `only ${tool.dialect} has the tool ${JSON.stringify(tool.value['type'] ?? 'unknown')}`,
        );
      continue;
    }
    refuseForeign(tool.rest, path, context);
    if (tool.cache !== undefined) warnOfCache(context);
    (isLegacy(tool) ? functions : written).push(encodeFunctionTool(tool));
  }
  if (written.length > 0) body['tools'] = written;
  if (functions.length > 0) body['functions'] = functions;
}

function encodeFunctionTool(tool: FunctionTool): JsonObject {
  const described: JsonObject = { name: tool.name };
  if (tool.description !== undefined) described['description'] = tool.description;
  if (tool.parameters !== undefined) described['parameters'] = tool.parameters;
  if (tool.strict !== undefined) described['strict'] = tool.strict;
  const written = isLegacy(tool) ? described : { type: 'function', function: described };
  const inner = ownFields(tool.rest)['function'];
  if (!isLegacy(tool) && isObject(inner)) Object.assign(described, { ...inner, ...described });
  addOwnFields(written, tool.rest);
  return respellFrom(written, tool.rest);
}

const WORDS: ReadonlyMap<string, 'auto' | 'none' | 'required'> = new Map([
  ['auto', 'auto'],
  ['none', 'none'],
  ['required', 'required'],
  // What some servers call it.
  ['any', 'required'],
]);

/** The choice that `tool_choice` or `function_call` makes. */
export function decodeToolChoice(value: unknown, param: string): ToolChoice {
  if (typeof value === 'string') {
    const kind = WORDS.get(value);
    if (kind !== undefined) return { kind };
    throw badRequest(param, `must be auto, none, required or an object, not ${JSON.stringify(value)}`);
  }
  if (!isObject(value)) throw wrongType(badRequest, param, 'a string or an object', value);
  const named = value['type'] === 'function' ? value['function'] : param === 'function_call' ? value : undefined;
  if (isObject(named) && typeof named['name'] === 'string') return { kind: 'tool', name: named['name'] };
  return { kind: 'opaque', dialect: DIALECT, value };
}

/** Writes the choice into a request. `legacy` is for `function_call`, which goes with `functions`. */
export function encodeToolChoice(choice: ToolChoice, legacy: boolean, body: JsonObject, context: EncodeContext): void {
  const key = legacy ? 'function_call' : 'tool_choice';
  switch (choice.kind) {
    case 'tool':
      body[key] = legacy ? { name: choice.name } : { type: 'function', function: { name: choice.name } };
      return;
    case 'opaque':
      if (choice.dialect === DIALECT) body[key] = choice.value;
      else context.unsupported('tool_choice', `only ${choice.dialect} has this choice`);
      return;
    default:
      body[key] = choice.kind;
  }
}
