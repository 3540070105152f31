/** Writes the messages of a request, and the documents that stand beside them. */
import type { DocumentPart, JsonObject, Message, Part, ToolResultPart } from '@gatewright/core';
import { encodeAnswer } from './answer.ts';
import { encodeContent } from './content-writer.ts';
import { encodeDocument } from './documents.ts';
import { compact, hint } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

export interface EncodedMessages {
  readonly messages: JsonObject[];
  readonly documents: (string | JsonObject)[];
}

/** Writes messages. Results of tools are messages of their own here, and documents stand beside the messages. */
export function encodeMessages(messages: readonly Message[], at: Writing): EncodedMessages {
  const encoded: JsonObject[] = [];
  const documents: (string | JsonObject)[] = [];
  for (const [index, message] of messages.entries()) {
    const place = at.at(index);
    if (message.name !== undefined) place.at('name').unsupported('Messages have no names in this dialect.');
    encoded.push(...encodeMessage(message, documents, place));
  }
  return { messages: encoded, documents };
}

function encodeMessage(message: Message, documents: (string | JsonObject)[], at: Writing): JsonObject[] {
  const { role, rest } = message;
  if (role === 'assistant') {
    const answer = encodeAnswer(message.parts, rest, at);
    // Nothing may be left of what another dialect's model said.
    if (Object.keys(answer).length === 0 && !at.own) return [];
    return [at.complete({ role, ...answer }, rest)];
  }
  const place = at.at('content');
  const results: JsonObject[] = [];
  const said: Part[] = [];
  for (const [index, part] of message.parts.entries()) {
    if (part.type === 'tool-result') results.push(encodeResult(part, place.at(index)));
    else if (part.type === 'document' && role === 'user') addDocument(documents, part, place.at(index));
    else said.push(part);
  }
  if (said.length === 0 && results.length > 0) return results;
  if (role === 'tool') place.unsupported('A message of a tool is its result, and nothing else, in this dialect.');
  const content = encodeContent(textOnly(said, role, place), hint(rest, '$content'), place) ?? '';
  return [...results, at.complete({ role: role === 'user' ? 'user' : 'system', content }, rest)];
}

/** The system's messages take text and what only this dialect has. */
function textOnly(parts: readonly Part[], role: Message['role'], at: Writing): readonly Part[] {
  if (role === 'user' || at.own) return parts;
  return parts.filter((part, index) => {
    const fits = part.type === 'text' || part.type === 'opaque';
    if (!fits) at.at(index).unsupported(`A system message can hold no ${part.type}.`);
    return fits;
  });
}

function addDocument(documents: (string | JsonObject)[], part: DocumentPart, at: Writing): void {
  const document = encodeDocument(part, at);
  if (document !== undefined) documents.push(document);
}

/** The result of a tool. That the tool failed can only be said in what it gave back. */
function encodeResult(part: ToolResultPart, at: Writing): JsonObject {
  const content = part.isError === true && !at.own ? failure(part) : undefined;
  const known = compact({
    role: 'tool',
    tool_call_id: part.id,
    content: content ?? encodeContent(resultParts(part, at), hint(part.rest, '$content'), at.at('content')) ?? '',
  });
  if (hint(part.rest, '$content') === 'absent' && part.parts.length === 0) delete known['content'];
  return at.complete(known, part.rest);
}

/** Results are text and documents here. */
function resultParts({ parts }: ToolResultPart, at: Writing): readonly Part[] {
  if (at.own) return parts;
  return parts.filter((part, index) => {
    const fits = part.type !== 'image';
    if (!fits) at.at('content').at(index).unsupported('The result of a tool can hold no image in this dialect.');
    return fits;
  });
}

/** The names of a document's fields go to the model, too. */
function failure({ parts }: ToolResultPart): JsonObject[] | undefined {
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  const isPlain = parts.every((part) => part.type === 'text');
  return isPlain ? [{ type: 'document', document: { data: { error: text } } }] : undefined;
}
