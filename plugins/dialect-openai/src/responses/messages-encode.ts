/** Writes messages as `instructions` and `input`. */
import type { EncodeContext, JsonObject, Message, Part } from '@gatewright/core';
import { encodeItem, encodeItems, type ItemStyle } from './item-encode.ts';
import { faithful } from './item-spelling.ts';
import { BARE_INPUT, INSTRUCTIONS } from './messages-decode.ts';
import { ownFields, refuseForeign } from './rest.ts';

/** The members of a request that its messages become. */
export function encodeMessages(messages: readonly Message[], context: EncodeContext): JsonObject {
  const instructions = instructionsOf(messages);
  if (instructions === undefined) return encodeInput(messages, 0, context);
  return { instructions, ...encodeInput(messages.slice(1), 1, context) };
}

/** The first message, where it was read from `instructions`. */
export function instructionsOf([first]: readonly Message[]): string | undefined {
  return first !== undefined && ownFields(first.rest)[INSTRUCTIONS] === true ? textOf(first) : undefined;
}

const textOf = ({ parts }: Message): string => parts.map((part) => (part.type === 'text' ? part.text : '')).join('');

function encodeInput(messages: readonly Message[], from: number, context: EncodeContext): JsonObject {
  const [only] = messages;
  if (only === undefined) return {};
  if (
    messages.length === 1 &&
    ownFields(only.rest)[BARE_INPUT] === true &&
    only.parts.every((part) => part.type === 'text')
  ) {
    return { input: textOf(only) };
  }
  const style = faithful('provider', context);
  const input: JsonObject[] = [];
  for (const [index, message] of messages.entries()) encodeMessage(message, `messages[${index + from}]`, style, input);
  return { input };
}

/** Adds the items that stand for a message: tool results first, right behind the calls that they answer. */
function encodeMessage(message: Message, path: string, style: ItemStyle, input: JsonObject[]): void {
  const { context } = style;
  refuseForeign(message.rest, path, context);
  if (message.name !== undefined) context.unsupported(`${path}.name`, 'participants have no names in this dialect');
  const { role, parts } = message;
  if (parts.length === 0 && role !== 'tool') {
    input.push({ role, content: '' });
    return;
  }
  const others: Part[] = [];
  for (const [index, part] of parts.entries()) {
    if (role === 'assistant' || part.type !== 'tool-result') {
      others.push(part);
      continue;
    }
    const item = encodeItem(part, `${path}.content[${index}]`, style);
    if (item !== undefined) input.push(item);
  }
  if (others.length === 0) return;
  const said = role === 'tool' ? 'user' : role;
  for (const { item } of encodeItems(others, said, path, style)) input.push(item);
}
