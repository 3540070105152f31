/** The messages of a request: `contents`, and the `systemInstruction` that stands beside them. */
import type { JsonObject, Message } from '@gatewright/core';
import { ConversationIds } from './call-ids.ts';
import { decodeParts } from './part-reader.ts';
import { encodeParts, type CallNames } from './part-writer.ts';
import { isMissing, type Reading } from './reading.ts';
import { besidesKnown, note, withRest } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

/** Reads the system instruction and the contents. The instruction becomes the first message. */
export function decodeContents(body: JsonObject, at: Reading): Message[] {
  const ids = new ConversationIds();
  const { systemInstruction, contents } = body;
  const messages: Message[] = [];
  if (!isMissing(systemInstruction)) {
    const place = at.at('systemInstruction');
    const { parts, role, ...others } = place.fields(systemInstruction);
    messages.push({
      role: 'system',
      parts: isMissing(parts) ? [] : decodeParts(parts, place.at('parts'), ids),
      ...withRest(others, { $role: role, $absent: isMissing(parts) ? ['parts'] : undefined }),
    });
  }
  const place = at.at('contents');
  for (const [index, content] of place.list(contents).entries()) {
    messages.push(decodeContent(content, place.at(index), ids));
  }
  return messages;
}

const KNOWN = ['role', 'parts'];

function decodeContent(value: unknown, at: Reading, ids: ConversationIds): Message {
  const content = at.fields(value);
  const { role, parts } = content;
  if (!isMissing(role) && role !== 'user' && role !== 'model' && role !== 'function' && role !== '') {
    throw at.at('role').fail('must be "user", "model" or "function"');
  }
  const decoded = isMissing(parts) ? [] : decodeParts(parts, at.at('parts'), ids);
  const isTool = decoded.length > 0 && decoded.every((part) => part.type === 'tool-result');
  return {
    role: role === 'model' ? 'assistant' : isTool ? 'tool' : 'user',
    parts: decoded,
    ...withRest(besidesKnown(content, KNOWN), notesOf(content)),
  };
}

/** The role where it is not what is written of itself: `user`. */
function notesOf({ role, parts }: JsonObject): JsonObject | undefined {
  if (!isMissing(parts) && (role === 'user' || role === 'model')) return undefined;
  const absent = [...(isMissing(role) ? ['role'] : []), ...(isMissing(parts) ? ['parts'] : [])];
  return {
    $role: role === 'function' || role === '' ? role : undefined,
    $absent: absent.length === 0 ? undefined : absent,
  };
}

export interface EncodedContents {
  readonly systemInstruction: JsonObject | undefined;
  readonly contents: JsonObject[];
}

/** Writes messages: those of the system that lead become the system instruction. */
export function encodeContents(messages: readonly Message[], at: Writing): EncodedContents {
  const names: CallNames = new Map();
  let lead = 0;
  while (isSystem(messages[lead])) lead++;
  const contents: JsonObject[] = [];
  for (let index = lead; index < messages.length; index++) {
    const content = encodeMessage(messages[index] as Message, at.at(index), names);
    if (content !== undefined) append(contents, content, at.own);
  }
  if (needsSignatures(at)) for (const content of contents) signFirstCall(content);
  return { systemInstruction: encodeSystem(messages.slice(0, lead), at, names), contents };
}

function isSystem(message: Message | undefined): boolean {
  return message?.role === 'system' || message?.role === 'developer';
}

function encodeSystem(lead: readonly Message[], at: Writing, names: CallNames): JsonObject | undefined {
  const [first] = lead;
  if (first === undefined) return undefined;
  const parts = lead.flatMap((message, index) => encodeMessageParts(message, at.at(index), names));
  if (parts.length === 0 && !at.own) return undefined;
  const role = note(first.rest, '$role');
  return at.at(0).complete(role === undefined ? { parts } : { role, parts }, first.rest);
}

function encodeMessageParts(message: Message, at: Writing, names: CallNames): JsonObject[] {
  if (message.name !== undefined) at.at('name').unsupported('Messages have no names in this dialect.');
  at.refuse(message.rest);
  return encodeParts(message.parts, at.at('content'), names);
}

function encodeMessage(message: Message, at: Writing, names: CallNames): JsonObject | undefined {
  if (isSystem(message)) {
    at.at('role').unsupported('In this dialect the system is heard only before the conversation.');
    return undefined;
  }
  const parts = encodeMessageParts(message, at, names);
  // A message of which nothing is left may not stand: the API wants at least one part.
  if (parts.length === 0 && !at.own) return undefined;
  const role = note(message.rest, '$role') ?? (message.role === 'assistant' ? 'model' : 'user');
  return at.complete({ role, parts }, message.rest);
}

/** Of another dialect, neighbours of one role become one content: results must stand together behind their calls. */
function append(contents: JsonObject[], content: JsonObject, own: boolean): void {
  const last = contents.at(-1);
  if (own || last === undefined || last['role'] !== content['role']) contents.push(content);
  else (last['parts'] as JsonObject[]).push(...(content['parts'] as JsonObject[]));
}

/**
 * From version 3 on, the models refuse calls without a signature; calls that another model made, or whose signature the
 * client could not keep, are sent with this one instead (https://ai.google.dev/gemini-api/docs/thought-signatures).
 */
const NO_SIGNATURE = 'skip_thought_signature_validator';

function needsSignatures(at: Writing): boolean {
  const version = /gemini-(\d+)/.exec(at.model)?.[1];
  return !at.own && at.reader === 'provider' && version !== undefined && Number(version) >= 3;
}

/** Only the first of several calls is signed. */
function signFirstCall({ role, parts }: JsonObject): void {
  if (role !== 'model') return;
  const call = (parts as JsonObject[]).find((part) => part['functionCall'] !== undefined);
  if (call !== undefined) call['thoughtSignature'] ??= NO_SIGNATURE;
}
