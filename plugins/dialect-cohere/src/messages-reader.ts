/** Reads the messages of a request, and the documents that stand beside them. */
import type { DocumentPart, JsonObject, Message, ToolResultPart } from '@gatewright/core';
import { decodeAnswer } from './answer.ts';
import { decodeContent, shapeOf } from './content-reader.ts';
import { decodeDocument } from './documents.ts';
import { isMissing, type Reading } from './reading.ts';
import { besides } from './rest.ts';

const KNOWN = ['role', 'content'];
const RESULT_FIELDS = ['role', 'tool_call_id', 'content'];

export interface DecodedMessages {
  readonly messages: readonly Message[];
  /** The documents have found a place in the messages. */
  readonly cited: boolean;
}

/**
 * Reads messages. Documents go with the last message of the user: that is the question that they help to answer, and
 * where other dialects have them.
 */
export function decodeMessages(body: JsonObject, at: Reading): DecodedMessages {
  const place = at.at('messages');
  const messages = place.list(body['messages']).map((message, index) => decodeMessage(message, place.at(index)));
  const { documents } = body;
  if (isMissing(documents)) return { messages, cited: false };
  const list = at.at('documents').list(documents);
  const parts = list.map((document, index): DocumentPart => decodeDocument(document, at.at('documents').at(index)));
  const asked = messages.findLastIndex((message) => message.role === 'user');
  if (asked < 0 || parts.length === 0) return { messages, cited: false };
  const message = messages[asked] as Message;
  messages[asked] = { ...message, parts: [...parts, ...message.parts] };
  return { messages, cited: true };
}

function decodeMessage(value: unknown, at: Reading): Message {
  const message = at.object(value);
  const { role, content } = message;
  switch (role) {
    case 'assistant':
      return { role, ...decodeAnswer(message, at) };
    case 'tool':
      return { role, parts: [decodeResult(message, at)] };
    case 'system':
    case 'user': {
      if (isMissing(content)) throw at.at('content').fail('is missing; it must be a string or a list of blocks');
      const parts = decodeContent(content, at.at('content'));
      return { role, parts, ...besides(message, KNOWN, { $content: shapeOf(content) }) };
    }
    default:
      throw at.at('role').fail('must be "system", "user", "assistant" or "tool"');
  }
}

function decodeResult(message: JsonObject, at: Reading): ToolResultPart {
  const { content } = message;
  return {
    type: 'tool-result',
    id: at.at('tool_call_id').string(message['tool_call_id']),
    parts: decodeContent(content, at.at('content')),
    ...besides(message, RESULT_FIELDS, { $content: shapeOf(content) }),
  };
}
