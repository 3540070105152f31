/**
 * Writes the messages of a request.
 *
 * A message becomes one message, except that each tool result is a message of its own here: results that another dialect
 * puts into a user's message are written first, right behind the calls that they answer, and what else the user said
 * follows.
 */
import type { EncodeContext, JsonObject, Message, Part, ToolResultPart } from '@gatewright/core';
import { encodeAssistant } from './assistant.ts';
import { encodeContent, encodeTextContent, warnOfCache } from './content-encode.ts';
import { addOwnFields, ownFields, refuseForeign } from './rest.ts';
import { respellFrom } from './spelling.ts';
import { LEGACY } from './tool-calls.ts';

export function encodeMessages(messages: readonly Message[], context: EncodeContext): JsonObject[] {
  return messages.flatMap((message, index) => encodeMessage(message, `messages[${index}]`, context));
}

/** The messages that stand for one. `path` is where it stood among the neutral ones. */
export function encodeMessage(message: Message, path: string, context: EncodeContext): JsonObject[] {
  refuseForeign(message.rest, path, context);
  const written = write(message, path, context);
  const [only] = written;
  if (written.length === 1 && only !== undefined) {
    addOwnFields(only, message.rest);
    respellFrom(only, message.rest);
  }
  return written;
}

function write(message: Message, path: string, context: EncodeContext): JsonObject[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [
        {
          role: message.role,
          content: encodeTextContent(message.parts, `${path}.content`, `a ${message.role} message`, context),
          ...nameOf(message),
        },
      ];
    case 'assistant':
      return [{ ...encodeAssistant(message.parts, path, context, 'provider'), ...nameOf(message) }];
    case 'user':
    case 'tool':
      return encodeTurn(message, path, context);
  }
}

const nameOf = (message: Message): JsonObject => (message.name === undefined ? {} : { name: message.name });

/** The results in a turn, each as a message; then what the user said besides. */
function encodeTurn(message: Message, path: string, context: EncodeContext): JsonObject[] {
  const results: JsonObject[] = [];
  const said: Part[] = [];
  for (const [index, part] of message.parts.entries()) {
    if (part.type === 'tool-result') results.push(encodeResult(part, message, `${path}.content[${index}]`, context));
    else said.push(part);
  }
  if (results.length > 0 && said.length === 0) return results;
  const content = encodeContent(said, `${path}.content`, context);
  return [...results, { role: 'user', content, ...nameOf(message) }];
}

function encodeResult(part: ToolResultPart, message: Message, path: string, context: EncodeContext): JsonObject {
  refuseForeign(part.rest, path, context);
  if (part.cache !== undefined) warnOfCache(context);
  if (part.isError === true) context.warn('is_error', 'that a tool failed is told by its text alone');
  const content = encodeTextContent(part.parts, `${path}.content`, 'a tool result', context);
  if (ownFields(message.rest)[LEGACY] === true) return { role: 'function', ...nameOf(message), content };
  return { role: 'tool', tool_call_id: part.id, content, ...(message.role === 'tool' ? nameOf(message) : {}) };
}
