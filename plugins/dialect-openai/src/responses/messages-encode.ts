/** Writes messages as `instructions` and `input`. */
import type { EncodeContext, JsonObject, Message, Part } from '@gatewright/core';
import { encodeItem, encodeItems } from './item-encode.ts';
import { faithful } from './item-spelling.ts';
import { BARE_INPUT, INSTRUCTIONS } from './messages-decode.ts';
import { ownFields, refuseForeign } from './rest.ts';

/** The members of a request that its messages become. */
export function encodeMessages(messages: readonly Message[], context: EncodeContext): JsonObject {
  const [first, ...others] = messages;
  if (first !== undefined && ownFields(first.rest)[INSTRUCTIONS] === true) {
    return { instructions: textOf(first), ...encodeInput(others, 1, context) };
  }
  return encodeInput(messages, 0, context);
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
  return { input: messages.flatMap((message, index) => encodeMessage(message, `messages[${index + from}]`, context)) };
}

/** The items that stand for a message: tool results first, right behind the calls that they answer. */
function encodeMessage(message: Message, path: string, context: EncodeContext): JsonObject[] {
  refuseForeign(message.rest, path, context);
  if (message.name !== undefined) context.unsupported(`${path}.name`, 'participants have no names in this dialect');
  const { role, parts } = message;
  const style = faithful('provider', context);
  const results = role === 'assistant' ? [] : parts.filter((part) => part.type === 'tool-result');
  const items = results.map((part) => encodeItem(part, `${path}.content[${parts.indexOf(part)}]`, style));
  const written = items.filter((item) => item !== undefined);
  const others: readonly Part[] = results.length === 0 ? parts : parts.filter((part) => part.type !== 'tool-result');
  if (parts.length === 0 && role !== 'tool') return [{ role, content: '' }];
  const said = role === 'tool' ? 'user' : role;
  for (const { item } of encodeItems(others, said, path, style)) written.push(item);
  return written;
}
