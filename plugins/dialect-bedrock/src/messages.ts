/** The messages of a request, and the system prompt that stands beside them. */
import type { CacheMark, JsonObject, Message, Part } from '@gatewright/core';
import { decodeParts } from './block-reader.ts';
import { encodeParts } from './block-writer.ts';
import { encodeCachePoint } from './cache-point.ts';
import { isMissing, type Reading } from './reading.ts';
import { besides, hint } from './rest.ts';
import { Turns } from './turns.ts';
import type { Writing } from '@gatewright/core/wire';

const KNOWN = ['role', 'content'];

/** Reads the system prompt and the messages. The prompt becomes the first message. */
export function decodeMessages(body: JsonObject, at: Reading): Message[] {
  const { system, messages: list } = body;
  const messages: Message[] = isMissing(system)
    ? []
    : [{ role: 'system', parts: decodeParts(system, at.at('system')) }];
  // A prompt that is kept with the provider has messages of its own.
  if (isMissing(list)) return messages;
  const place = at.at('messages');
  for (const [index, message] of place.list(list).entries()) messages.push(decodeMessage(message, place.at(index)));
  return messages;
}

function decodeMessage(value: unknown, at: Reading): Message {
  const message = at.object(value);
  const { role, content } = message;
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    throw at.at('role').fail('must be "user", "assistant" or "system"');
  }
  const parts = decodeParts(content, at.at('content'));
  return { role, parts, ...besides(message, KNOWN, role === 'system' ? { $in: 'messages' } : undefined) };
}

export interface EncodedMessages {
  readonly system: JsonObject[] | undefined;
  readonly messages: JsonObject[];
}

/** Writes messages: those of the system that lead become the system prompt, the others stay where they are. */
export function encodeMessages(messages: readonly Message[], at: Writing): EncodedMessages {
  let lead = 0;
  while (isSystem(messages[lead]) && hint(messages[lead]?.rest, '$in') !== 'messages') lead++;
  const system = encodeSystem(messages.slice(0, lead), at);
  const turns = new Turns(at.own);
  for (const [index, message] of messages.entries()) {
    if (index >= lead) addTurn(turns, message, at.at(index));
  }
  return { system, messages: turns.messages() };
}

function isSystem(message: Message | undefined): boolean {
  return message?.role === 'system' || message?.role === 'developer';
}

function encodeSystem(lead: readonly Message[], at: Writing): JsonObject[] | undefined {
  if (lead.length === 0) return undefined;
  const blocks = lead.flatMap((message, index) => {
    refuseExtras(message, at.at(index));
    return encodeParts(textOnly(message, at.at(index)), at.at(index).at('content'));
  });
  return blocks.length === 0 && !at.own ? undefined : blocks;
}

/** The system prompt takes text and what only this dialect has. */
function textOnly(message: Message, at: Writing): readonly Part[] {
  return message.parts.filter((part, index) => {
    const fits = part.type === 'text' || part.type === 'opaque';
    if (!fits) at.at('content').at(index).unsupported(`A system prompt can hold no ${part.type}.`);
    return fits || at.own;
  });
}

function refuseExtras(message: Message, at: Writing): void {
  if (message.name !== undefined) at.at('name').unsupported('Messages have no names in this dialect.');
  at.refuse(message.rest);
}

function addTurn(turns: Turns, message: Message, at: Writing): void {
  refuseExtras(message, at);
  const role = message.role === 'tool' ? 'user' : isSystem(message) ? 'system' : (message.role as 'user' | 'assistant');
  turns.add(role, encodeParts(message.parts, at.at('content')), (known) => at.complete(known, message.rest));
}

/** A mark on the whole request stands, in this dialect, behind the last message. */
export function markLast(messages: readonly JsonObject[], mark: CacheMark | undefined): void {
  const content = messages.at(-1)?.['content'];
  const isMarked = Array.isArray(content) && 'cachePoint' in ((content.at(-1) as JsonObject | undefined) ?? {});
  if (mark !== undefined && Array.isArray(content) && !isMarked) content.push(encodeCachePoint(mark));
}
