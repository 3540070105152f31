/** Writes messages of the neutral form. */
import type { EncodeContext, JsonObject, Message, Part, ToolResultPart } from '@gatewright/core';
import { CHAT } from './names.ts';
import { isObject } from './reading.ts';
import { kept } from './rest.ts';

/** Why what proves a thought, or hides it, is left out. */
export const UNSIGNED = 'Signatures and encrypted thoughts have no place in this dialect.';

/** The names of the tools that were called, by the ids of the calls. */
type Names = Map<string, string>;

interface Written {
  text: string[];
  thinking: string;
  images: string[];
  calls: JsonObject[];
}

export function encodeMessages(messages: readonly Message[], context: EncodeContext): JsonObject[] {
  const names: Names = new Map();
  const written: JsonObject[] = [];
  for (const [index, message] of messages.entries()) {
    encodeMessage(message, `messages.${index}`, names, context, written);
  }
  return written;
}

/** Adds the messages of one. Results are messages of their own here, and stand in front of what was said besides. */
function encodeMessage(
  message: Message,
  path: string,
  names: Names,
  context: EncodeContext,
  written: JsonObject[],
): void {
  if (message.name !== undefined) context.warn(`${path}.name`, 'This dialect does not tell participants apart.');
  const others: Part[] = [];
  let results = 0;
  for (const part of message.parts) {
    if (part.type !== 'tool-result') others.push(part);
    else written.push(encodeResult(part, `${path}.content.${results++}`, names, context));
  }
  if (others.length === 0 && results > 0) return;
  const role = message.role === 'developer' ? 'system' : message.role === 'tool' ? 'user' : message.role;
  const fields = fieldsOf(encodeParts(others, path, context), role);
  for (const part of others) if (part.type === 'tool-call') names.set(part.id, part.name);
  written.push(Object.assign(fields, kept(message.rest, path, context)));
}

function encodeResult(part: ToolResultPart, path: string, names: Names, context: EncodeContext): JsonObject {
  if (part.isError === true) context.warn(`${path}.is_error`, 'This dialect does not say that a tool failed.');
  const name = names.get(part.id);
  const fields = fieldsOf(encodeParts(part.parts, path, context), 'tool');
  fields['tool_call_id'] = part.id;
  if (name !== undefined) fields['tool_name'] = name;
  return Object.assign(fields, kept(part.rest, path, context));
}

/** A message of the role, or an answer. */
export function fieldsOf({ text, thinking, images, calls }: Written, role: string): JsonObject {
  const fields: JsonObject = { role, content: text.length === 1 ? text[0] : text.join('\n') };
  if (thinking !== '') fields['thinking'] = thinking;
  if (images.length > 0) fields['images'] = images;
  if (calls.length > 0) fields['tool_calls'] = calls;
  return fields;
}

export function encodeParts(parts: readonly Part[], path: string, context: EncodeContext, client = false): Written {
  const written: Written = { text: [], thinking: '', images: [], calls: [] };
  for (const [index, part] of parts.entries()) {
    const place = `${path}.content.${index}`;
    if (part.cache !== undefined && !client)
      context.warn(`${place}.cache_control`, 'Prompts are cached without marks.');
    encodePart(part, place, written, context, client);
    if (part.type !== 'tool-result') kept(part.rest, place, context);
  }
  return written;
}

function encodePart(part: Part, path: string, written: Written, context: EncodeContext, client: boolean): void {
  switch (part.type) {
    case 'text':
      if (part.citations !== undefined) context.warn(`${path}.citations`, 'This dialect has no citations.');
      written.text.push(part.text);
      break;
    case 'refusal':
      written.text.push(part.text);
      break;
    case 'reasoning':
      // Another model's thoughts are not this one's; a client may see all of them.
      if (client || part.origin === CHAT) {
        written.thinking += part.text;
        if (part.signature !== undefined || part.redacted !== undefined) context.warn(path, UNSIGNED);
      } else context.warn(path, `Reasoning from ${part.origin} is not sent to another provider.`);
      break;
    case 'tool-call':
      written.calls.push(encodeCall(part.id, part.name, part.arguments, path, context));
      break;
    case 'image':
      if (part.detail !== undefined) context.warn(`${path}.detail`, 'This dialect does not say how closely to look.');
      if (part.source.kind === 'base64') written.images.push(part.source.data);
      else context.unsupported(path, 'Images must be there as base64: Ollama fetches nothing.');
      break;
    case 'document':
      if (part.source.kind === 'text') written.text.push(part.source.text);
      else context.unsupported(path, 'Ollama reads no documents but plain text.');
      break;
    case 'audio':
      if (part.transcript !== undefined && client) written.text.push(part.transcript);
      else context.unsupported(path, 'Ollama takes no sound.');
      break;
    default:
      context.unsupported(path, 'This dialect has no such part.');
  }
}

/** Arguments that are no JSON object cannot be written: they are kept as a text under `arguments`, and that is said. */
export function encodeCall(id: string, name: string, text: string, path: string, context: EncodeContext): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch {
    value = undefined;
  }
  if (!isObject(value)) {
    context.warn(`${path}.arguments`, 'The arguments are no JSON object; they stand in a field of that name.');
    value = { arguments: text };
  }
  return { id, function: { name, arguments: value } };
}
