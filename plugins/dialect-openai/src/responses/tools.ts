/** The tools that a request offers, and which of them the model may or must call. */
import type { EncodeContext, FunctionTool, JsonObject, Tool, ToolChoice } from '@gatewright/core';
import { warnOfCache } from '../content-encode.ts';
import { badRequest, wrongType } from '../fault.ts';
import { isObject, textOf, type Writable } from '../json-value.ts';
import { Reader } from '../reader.ts';
import { SPELLED, spellingOf } from '../spelling.ts';
import { RESPONSES } from './dialect-id.ts';
import { addOwnFields, refuseForeign, respellFrom, restOf } from './rest.ts';

export function decodeTools(tools: readonly unknown[]): Tool[] {
  return tools.map((tool, index) => plainTool(tool) ?? decodeTool(tool, `tools[${index}]`));
}

/** A function with all members that are always written, and no others: nothing has to be kept of how it was spelled. */
function plainTool(value: unknown): FunctionTool | undefined {
  if (!isObject(value) || value['type'] !== 'function') return undefined;
  const { name, description, parameters, strict } = value;
  if (typeof name !== 'string' || !isObject(parameters) || typeof strict !== 'boolean') return undefined;
  const described = typeof description === 'string';
  if (Object.keys(value).length !== (described ? 5 : 4)) return undefined;
  const tool: Writable<FunctionTool> = { kind: 'function', name };
  if (described) tool.description = description;
  tool.parameters = parameters;
  if (strict) tool.strict = true;
  return tool;
}

/** Functions are the client's own; all other tools are the provider's, or have another form of input. */
function decodeTool(value: unknown, path: string): Tool {
  if (!isObject(value)) throw wrongType(badRequest, path, 'a tool', value);
  const reader = new Reader(value, path, badRequest);
  if (reader.requiredString('type') !== 'function') return { kind: 'opaque', dialect: RESPONSES, value };
  const tool: Writable<FunctionTool> = { kind: 'function', name: reader.requiredString('name') };
  const description = reader.string('description');
  if (description !== undefined) tool.description = description;
  const parameters = reader.object('parameters');
  if (parameters !== undefined) tool.parameters = parameters;
  if (reader.boolean('strict') === true) tool.strict = true;
  const fields = reader.unknown();
  const rest = restOf(fields);
  if (rest !== undefined) tool.rest = rest;
  const spelled = spellingOf(value, encodeFunction(tool));
  const complete = spelled === undefined ? undefined : restOf({ ...fields, [SPELLED]: spelled });
  if (complete !== undefined) tool.rest = complete;
  return tool;
}

export function encodeTools(tools: readonly Tool[], context: EncodeContext): JsonObject[] {
  const written: JsonObject[] = [];
  for (const [index, tool] of tools.entries()) {
    const path = `tools[${index}]`;
    if (tool.kind === 'opaque') {
      if (tool.dialect === RESPONSES) written.push({ ...tool.value });
      else
        context.unsupported(
          path,
          `only ${tool.dialect} has the tool ${JSON.stringify(tool.value['type'] ?? 'unknown')}`,
        );
      continue;
    }
    refuseForeign(tool.rest, path, context);
    if (tool.cache !== undefined) warnOfCache(context);
    written.push(encodeFunction(tool));
  }
  return written;
}

/** `strict` and `parameters` are always written: without `strict`, this API would make schemas strict by itself. */
function encodeFunction(tool: FunctionTool): JsonObject {
  const written: JsonObject = { type: 'function', name: tool.name };
  if (tool.description !== undefined) written['description'] = tool.description;
  written['parameters'] = tool.parameters ?? null;
  written['strict'] = tool.strict ?? false;
  addOwnFields(written, tool.rest);
  return respellFrom(written, tool.rest);
}

/** The choice that `tool_choice` makes. */
export function decodeToolChoice(value: unknown): ToolChoice {
  if (value === 'auto' || value === 'none' || value === 'required') return { kind: value };
  if (typeof value === 'string') {
    throw badRequest('tool_choice', `must be auto, none, required or an object, not ${JSON.stringify(value)}`);
  }
  if (!isObject(value)) throw wrongType(badRequest, 'tool_choice', 'a string or an object', value);
  const name = textOf(value['name']);
  const bare = Object.keys(value).length === 2;
  if (value['type'] === 'function' && name !== undefined && bare) return { kind: 'tool', name };
  return { kind: 'opaque', dialect: RESPONSES, value };
}

/** `tool_choice`; undefined where it cannot be expressed. */
export function encodeToolChoice(choice: ToolChoice, context: EncodeContext): unknown {
  if (choice.kind === 'tool') return { type: 'function', name: choice.name };
  if (choice.kind !== 'opaque') return choice.kind;
  if (choice.dialect === RESPONSES) return choice.value;
  context.unsupported('tool_choice', `only ${choice.dialect} has this choice`);
  return undefined;
}

/**
 * The tools and the choice that an `allowed_tools` choice comes to, for dialects without it: only the allowed functions
 * are offered. Undefined where the choice is another, or allows what is no function.
 */
export function narrowed(
  tools: readonly Tool[],
  choice: ToolChoice,
): { readonly tools: readonly Tool[]; readonly toolChoice: ToolChoice } | undefined {
  if (choice.kind !== 'opaque' || choice.dialect !== RESPONSES || !isObject(choice.value)) return undefined;
  const { type, mode, tools: allowed } = choice.value;
  if (type !== 'allowed_tools' || !Array.isArray(allowed) || (mode !== 'auto' && mode !== 'required')) return undefined;
  const names = new Set<string | undefined>();
  for (const one of allowed as unknown[]) {
    names.add(isObject(one) && one['type'] === 'function' ? textOf(one['name']) : undefined);
  }
  if (names.has(undefined)) return undefined;
  const offered = tools.filter((tool) => tool.kind === 'function' && names.has(tool.name));
  return { tools: offered, toolChoice: { kind: mode } };
}
