/** The calls of tools in an assistant's message: `tool_calls`, and `function_call` from before there were several. */
import type { EncodeContext, JsonObject, OpaquePart, Part, ToolCallPart } from '@gatewright/core';
import { TOOL_CALL } from './content-encode.ts';
import { DIALECT } from './dialect-id.ts';
import { wrongType, type Fault } from './fault.ts';
import { isObject, textOf, type Writable } from './json-value.ts';
import { addOwnFields, ownFields, refuseForeign, restOf, unknownFields } from './rest.ts';
import { respellFrom, SPELLED, spellingOf } from './spelling.ts';

/** The note of a call, a result or a tool that came in the form from before `tool_calls`. */
export const LEGACY = '$legacy';

/** `index` counts the calls of a stream; servers leave it in whole answers, where it says nothing. */
const CALL_FIELDS: ReadonlySet<string> = new Set(['id', 'type', 'function', 'index']);
const FUNCTION_FIELDS: ReadonlySet<string> = new Set(['name', 'arguments']);

/** The parts of a `tool_calls` array. `idFor` gives an id to the call of a server that sent none. */
export function decodeToolCalls(value: unknown, path: string, fault: Fault, idFor: (index: number) => string): Part[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw wrongType(fault, path, 'an array of tool calls', value);
  return value.map((call, index) => decodeToolCall(call, `${path}[${index}]`, fault, () => idFor(index)));
}

function decodeToolCall(call: unknown, path: string, fault: Fault, newId: () => string): Part {
  if (!isObject(call)) throw wrongType(fault, path, 'a tool call', call);
  const { type } = call;
  if (type !== undefined && type !== null && type !== 'function') {
    if (typeof type !== 'string') throw wrongType(fault, `${path}.type`, 'a string', type);
    return opaqueCall(call);
  }
  const called = call['function'];
  if (!isObject(called)) throw wrongType(fault, `${path}.function`, 'an object', called);
  const fields = unknownFields(call, CALL_FIELDS);
  const inner = unknownFields(called, FUNCTION_FIELDS);
  if (Object.keys(inner).length > 0) fields['function'] = inner;
  const part: Writable<ToolCallPart> = {
    type: 'tool-call',
    id: idOf(call['id'], `${path}.id`, fault) ?? newId(),
    ...readFunction(called, `${path}.function`, fault),
  };
  const rest = restOf(fields);
  if (rest !== undefined) part.rest = rest;
  const spelled = spellingOf(call, encodeToolCall(part));
  if (spelled !== undefined) part.rest = { dialect: DIALECT, fields: { ...fields, [SPELLED]: spelled } };
  return part;
}

function idOf(value: unknown, path: string, fault: Fault): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return textOf(value);
  throw wrongType(fault, path, 'a string', value);
}

/** A call that only this dialect has (`custom`: free text instead of JSON). */
export function opaqueCall(value: JsonObject): OpaquePart {
  return { type: 'opaque', dialect: DIALECT, value, rest: { dialect: DIALECT, fields: { [TOOL_CALL]: true } } };
}

/** Name and arguments. Some servers give the arguments as an object instead of its text. */
function readFunction(called: JsonObject, path: string, fault: Fault): { name: string; arguments: string } {
  const { name } = called;
  if (typeof name !== 'string') throw wrongType(fault, `${path}.name`, 'a string', name);
  return { name, arguments: argumentsText(called['arguments'], `${path}.arguments`, fault) };
}

function argumentsText(value: unknown, path: string, fault: Fault): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (isObject(value)) return JSON.stringify(value);
  throw wrongType(fault, path, 'a string of JSON', value);
}

/** The part of a `function_call`. It has no id, so it is given one that its result can name. */
export function decodeFunctionCall(value: unknown, path: string, fault: Fault, id: string): Part[] {
  if (value === null || value === undefined) return [];
  if (!isObject(value)) throw wrongType(fault, path, 'an object', value);
  const fields: JsonObject = { ...unknownFields(value, FUNCTION_FIELDS), [LEGACY]: true };
  const part: Writable<ToolCallPart> = { type: 'tool-call', id, ...readFunction(value, path, fault) };
  part.rest = { dialect: DIALECT, fields };
  const spelled = spellingOf(value, encodeFunctionCall(part));
  if (spelled !== undefined) fields[SPELLED] = spelled;
  return [part];
}

/** Whether a part was, and is again written as, a `function_call`. */
export function isLegacyCall(part: Part): boolean {
  return ownFields(part.rest)[LEGACY] === true;
}

/** Whether an opaque part belongs into `tool_calls`. */
export function isOpaqueCall(part: Part): boolean {
  return part.type === 'opaque' && part.dialect === DIALECT && ownFields(part.rest)[TOOL_CALL] === true;
}

function encodeToolCall(part: ToolCallPart): JsonObject {
  const call: JsonObject = { id: part.id, type: 'function', function: functionOf(part) };
  const inner = ownFields(part.rest)['function'];
  if (isObject(inner)) call['function'] = { ...inner, ...functionOf(part) };
  addOwnFields(call, part.rest);
  return respellFrom(call, part.rest);
}

/** Clients parse the arguments as JSON: a call without any has an empty object. */
const functionOf = (part: ToolCallPart): JsonObject => ({
  name: part.name,
  arguments: part.arguments === '' ? '{}' : part.arguments,
});

function encodeFunctionCall(part: ToolCallPart): JsonObject {
  const call = functionOf(part);
  addOwnFields(call, part.rest);
  return respellFrom(call, part.rest);
}

/** Writes the calls among the parts into a message. */
export function encodeCalls(parts: readonly Part[], path: string, message: JsonObject, context: EncodeContext): void {
  const calls: JsonObject[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.type === 'opaque' && isOpaqueCall(part)) calls.push({ ...part.value });
    if (part.type !== 'tool-call') continue;
    refuseForeign(part.rest, `${path}.content[${index}]`, context);
    if (isLegacyCall(part)) message['function_call'] = encodeFunctionCall(part);
    else calls.push(encodeToolCall(part));
  }
  if (calls.length > 0) message['tool_calls'] = calls;
}
