/** Reads messages into the neutral form. */
import type { JsonObject, Message, Part, Role, ToolCallPart } from '@gatewright/core';
import { imageOf } from './image.ts';
import { CHAT } from './names.ts';
import { isMissing, type Place } from './reading.ts';
import { omit, withRest } from './rest.ts';

const ROLES: ReadonlySet<string> = new Set(['system', 'user', 'assistant', 'tool']);

const KNOWN: ReadonlySet<string> = new Set([
  'role',
  'content',
  'thinking',
  'images',
  'tool_calls',
  'tool_name',
  'tool_call_id',
]);

/** Finds the calls that results belong to: clients may leave out ids, and then name the tool or nothing at all. */
class OpenCalls {
  #open: ToolCallPart[] = [];
  #count = 0;

  id(given: unknown): string {
    return typeof given === 'string' && given !== '' ? given : `call_${this.#count++}`;
  }

  begin(calls: readonly ToolCallPart[]): void {
    if (calls.length > 0) this.#open = [...calls];
  }

  answered(id: unknown, name: unknown): string {
    if (typeof id === 'string' && id !== '') return id;
    const index = typeof name === 'string' ? this.#open.findIndex((call) => call.name === name) : 0;
    const [call] = index < 0 ? [] : this.#open.splice(index, 1);
    return call?.id ?? this.id(undefined);
  }
}

/** Throws `GW_BAD_REQUEST` with `param`. */
export function decodeMessages(value: unknown, at: Place): Message[] {
  const calls = new OpenCalls();
  return at.list(value).map((message, index) => decodeMessage(message, at.at(index), calls));
}

function decodeMessage(value: unknown, at: Place, calls: OpenCalls): Message {
  const message = at.object(value);
  const role = at.at('role').string(message['role']);
  if (!ROLES.has(role)) throw at.at('role').fail('must be "system", "user", "assistant" or "tool"');
  const rest = withRest(omit(message, KNOWN));
  const { tool_call_id: id, tool_name: name } = message;
  const content = decodeContent(message, at);
  if (role === 'tool') {
    return { role: 'tool', parts: [{ type: 'tool-result', id: calls.answered(id, name), parts: content, ...rest }] };
  }
  const called = decodeCalls(message['tool_calls'], at.at('tool_calls'), (given) => calls.id(given));
  calls.begin(called);
  return { role: role as Role, parts: [...content, ...called], ...rest };
}

/** The thoughts, the images and the text of a message or an answer: the server shows the images before the text. */
export function decodeContent(message: JsonObject, at: Place): Part[] {
  const parts: Part[] = [];
  const { content, thinking, images } = message;
  if (!isMissing(thinking) && thinking !== '') {
    parts.push({ type: 'reasoning', text: at.at('thinking').string(thinking), origin: CHAT });
  }
  for (const [index, image] of (isMissing(images) ? [] : at.at('images').list(images)).entries()) {
    parts.push(imageOf(at.at('images').at(index).string(image)));
  }
  const text = isMissing(content) ? '' : at.at('content').string(content);
  if (text !== '') parts.push({ type: 'text', text });
  return parts;
}

/** Arguments are objects here; models write them without white space. */
export function decodeCalls(value: unknown, at: Place, idOf: (given: unknown) => string): ToolCallPart[] {
  if (isMissing(value)) return [];
  return at.list(value).map((item, index) => {
    const place = at.at(index);
    const call = place.object(item);
    const found = place.at('function').object(call['function']);
    const { arguments: given } = found;
    return {
      type: 'tool-call',
      id: idOf(call['id']),
      name: place.at('function').at('name').string(found['name']),
      arguments: typeof given === 'string' ? given : JSON.stringify(given ?? {}),
    };
  });
}
