/** The messages of a request, and the system prompt that stands beside them. */
import type { JsonObject, Message, Part } from '@gatewright/core';
import { decodeContent, shapeOf } from './block-reader.ts';
import { encodeContent, encodeParts } from './block-writer.ts';
import { isMissing, type Reading } from './reading.ts';
import { besides, hint, withRest } from './rest.ts';
import { Turns } from './turns.ts';
import type { Writing } from '@gatewright/core/wire';

/** Results of tools are the user's to send; developers speak for the system. */
const ROLES = { user: 'user', tool: 'user', assistant: 'assistant', system: 'system', developer: 'system' } as const;

const KNOWN = ['role', 'content'];

/** Reads the system prompt and the messages. The prompt becomes the first message. */
export function decodeMessages(body: JsonObject, at: Reading): Message[] {
  const { system } = body;
  const messages: Message[] = isMissing(system) ? [] : [decodeSystem(system, at.at('system'))];
  const list = at.at('messages').list(body['messages']);
  for (const [index, message] of list.entries()) messages.push(decodeMessage(message, at.at('messages').at(index)));
  return messages;
}

function decodeSystem(system: unknown, at: Reading): Message {
  return { role: 'system', parts: decodeContent(system, at), ...withRest({}, {}, { $content: shapeOf(system) }) };
}

function decodeMessage(value: unknown, at: Reading): Message {
  const message = at.object(value);
  const { role, content } = message;
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    throw at.at('role').fail('must be "user", "assistant" or "system"');
  }
  // Only a system message may do without: it can carry other changes.
  if (isMissing(content) && role !== 'system') {
    throw at.at('content').fail('is missing; it must be a string or a list of blocks');
  }
  const hints = { $content: shapeOf(content), $in: role === 'system' ? 'messages' : undefined };
  const parts = decodeContent(content, at.at('content'));
  return { role, parts, ...besides(message, KNOWN, hints) };
}

export interface EncodedMessages {
  readonly system: string | JsonObject[] | undefined;
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

function encodeSystem(lead: readonly Message[], at: Writing): string | JsonObject[] | undefined {
  const [first] = lead;
  if (first === undefined) return undefined;
  for (const [index, message] of lead.entries()) refuseExtras(message, at.at(index));
  if (lead.length === 1) {
    return encodeContent(textOnly(first, at.at(0)), hint(first.rest, '$content'), at.at(0).at('content'));
  }
  const blocks = lead.flatMap((message, index) =>
    encodeParts(textOnly(message, at.at(index)), at.at(index).at('content')),
  );
  return blocks.length === 0 ? undefined : blocks;
}

/** The system prompt takes text and what only this dialect has. */
function textOnly(message: Message, at: Writing): readonly Part[] {
  return message.parts.filter((part, index) => {
    const fits = part.type === 'text' || part.type === 'opaque';
    if (!fits) at.at('content').at(index).unsupported(`A system prompt can hold no ${part.type}.`);
    return fits;
  });
}

function refuseExtras(message: Message, at: Writing): void {
  if (message.name !== undefined) at.at('name').unsupported('Messages have no names in this dialect.');
  at.refuse(message.rest);
}

function addTurn(turns: Turns, message: Message, at: Writing): void {
  refuseExtras(message, at);
  const content = encodeContent(message.parts, hint(message.rest, '$content'), at.at('content'));
  turns.add(ROLES[message.role], content, (known) => at.complete(known, message.rest));
}
