/** Reads the messages of a request. */
import type { JsonObject, Message, Part, Role, ToolResultPart } from '@gatewright/core';
import { decodeAssistant } from './assistant.ts';
import { decodeContent, decodeTextContent } from './content-decode.ts';
import { DIALECT } from './dialect-id.ts';
import { badRequest, wrongType } from './fault.ts';
import { isObject, type Writable } from './json-value.ts';
import { encodeMessage } from './messages-encode.ts';
import { plainMessage } from './plain-forms.ts';
import { QUIET } from './quiet-context.ts';
import { Reader } from './reader.ts';
import { SPELLED, spellingOf } from './spelling.ts';
import { isLegacyCall, LEGACY } from './tool-calls.ts';

const ROLES: readonly string[] = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];

/** The messages, each one as it came. Throws `GW_BAD_REQUEST` with the path of what is wrong. */
export function decodeMessages(value: unknown): Message[] {
  if (!Array.isArray(value)) throw wrongType(badRequest, 'messages', 'an array of messages', value);
  if (value.length === 0) throw badRequest('messages', 'must have at least one message');
  /** The id of the last `function_call` of each name: its result tells only the name. */
  const lastCalls = new Map<string, string>();
  return value.map((message, index) => decodeMessage(message, index, lastCalls));
}

function decodeMessage(value: unknown, index: number, lastCalls: Map<string, string>): Message {
  const plain = isObject(value) ? plainMessage(value) : undefined;
  if (plain !== undefined) return plain;
  const path = `messages[${index}]`;
  if (!isObject(value)) throw wrongType(badRequest, path, 'a message', value);
  const reader = new Reader(value, path, badRequest);
  const role = reader.requiredString('role');
  if (!ROLES.includes(role)) {
    throw badRequest(`${path}.role`, `must be one of ${ROLES.join(', ')}, not ${JSON.stringify(role)}`);
  }
  const message: Writable<Message> = { role: role === 'function' ? 'tool' : (role as Role), parts: [] };
  const name = reader.string('name');
  if (name !== undefined) message.name = name;
  const fields = fill(message, role, reader, lastCalls);
  if (Object.keys(fields).length > 0) message.rest = { dialect: DIALECT, fields };
  const spelled = spellingOf(value, encodeMessage(message, path, QUIET)[0] ?? {});
  if (spelled !== undefined) message.rest = { dialect: DIALECT, fields: { ...fields, [SPELLED]: spelled } };
  return message;
}

/** Reads the parts of a message by its role, and answers with the fields that are left for its rest. */
function fill(message: Writable<Message>, role: string, reader: Reader, lastCalls: Map<string, string>): JsonObject {
  const { path, value } = reader;
  if (role === 'assistant') {
    const legacyId = `function_call_${path.replace(/\D/g, '')}`;
    const ids = { call: (index: number) => `${legacyId}_${index}`, functionCall: legacyId };
    const { parts, unknown } = decodeAssistant(value, path, badRequest, ids);
    for (const part of parts) if (part.type === 'tool-call' && isLegacyCall(part)) lastCalls.set(part.name, part.id);
    message.parts = parts;
    delete unknown['name'];
    return unknown;
  }
  const content = reader.take('content');
  if (content === undefined && role !== 'function') {
    throw wrongType(badRequest, `${path}.content`, 'a string or an array of content parts', value['content']);
  }
  const read = role === 'user' ? decodeContent : decodeTextContent;
  const parts = read(content, `${path}.content`, badRequest);
  if (role === 'tool' || role === 'function') {
    message.parts = [readResult(parts, role, reader, lastCalls)];
    return role === 'function' ? { ...reader.unknown(), [LEGACY]: true } : reader.unknown();
  }
  message.parts = parts;
  return reader.unknown();
}

function readResult(
  parts: readonly Part[],
  role: string,
  reader: Reader,
  lastCalls: ReadonlyMap<string, string>,
): ToolResultPart {
  if (role === 'tool') return { type: 'tool-result', id: reader.requiredString('tool_call_id'), parts };
  const name = reader.requiredString('name');
  return { type: 'tool-result', id: lastCalls.get(name) ?? `function_call_${name}`, parts };
}
