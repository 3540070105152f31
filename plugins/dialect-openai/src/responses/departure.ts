/**
 * What of a request only servers of this dialect can do, said before it is written in another.
 *
 * The other codec would only know that it has no such field. Here it is known what the client wanted, and what it can do
 * instead.
 */
import {
  GatewayError,
  type ChatRequest,
  type EncodeContext,
  type Message,
  type OpaquePart,
  type Part,
  type Tool,
} from '@gatewright/core';
import type { Writable } from '../json-value.ts';
import { RESPONSES } from './dialect-id.ts';
import { INSTRUCTIONS } from './messages-decode.ts';
import { isMinted, notKept } from './minted.ts';
import { ownFields } from './rest.ts';
import { narrowed } from './tools.ts';

const WHOLE = 'send the whole conversation as `input`, with `store: false`';

/** Fields that need a server which keeps state, or works on its own, and what to do without it. */
const STATEFUL: ReadonlyMap<string, string> = new Map([
  ['previous_response_id', `this target keeps no answers that one could go on from: ${WHOLE}`],
  ['conversation', `this target keeps no conversations: ${WHOLE}`],
  ['prompt', 'this target knows no stored prompts: send their text as `instructions` and `input`'],
  ['background', 'this target answers only while it is asked: leave `background` out, and stream long answers'],
  [
    'store',
    'this target keeps no answers, so that none can be fetched or gone on from: send `store: false`, or leave it out',
  ],
  ['truncation', 'this target leaves nothing out of an input that is too long: shorten it, and leave `truncation` out'],
  ['context_management', 'this target does not compact conversations: shorten the input'],
  ['max_tool_calls', 'this target runs no tools by itself'],
]);

/** The request without what it told of. Throws `GW_UNSUPPORTED` where the context does, and `GW_BAD_REQUEST` for ids that lead nowhere. */
export function depart(request: ChatRequest, context: EncodeContext): ChatRequest {
  const fields = { ...request.rest?.fields };
  const previous = fields['previous_response_id'];
  if (isMinted(previous)) throw notKept('previous_response_id', String(previous));
  for (const [field, reason] of STATEFUL) {
    if (fields[field] === undefined) continue;
    context.unsupported(field, reason);
    delete fields[field];
  }
  const departing: Writable<ChatRequest> = { ...request, messages: withoutReferences(request, context) };
  if (request.rest !== undefined) departing.rest = { dialect: request.rest.dialect, fields };
  if (departing.messages.every(isInstruction)) throw nothingAsked();
  const tools = request.tools?.filter((tool, index) => travels(tool, index, context)) ?? [];
  if (tools.length > 0) departing.tools = tools;
  else delete departing.tools;
  if (request.toolChoice !== undefined) Object.assign(departing, narrowed(tools, request.toolChoice));
  return departing;
}

const isInstruction = ({ rest }: Message): boolean => ownFields(rest)[INSTRUCTIONS] === true;

function nothingAsked(): GatewayError {
  const message = 'The request has no input. Set "input" to a text or to a list of items.';
  return new GatewayError('GW_BAD_REQUEST', message, { param: 'input' });
}

/** Whether a tool can be offered by another server: functions can. */
function travels(tool: Tool, index: number, context: EncodeContext): boolean {
  if (tool.kind === 'function' || tool.dialect !== RESPONSES) return true;
  const type = JSON.stringify(tool.value['type']);
  context.unsupported(
    `tools[${index}]`,
    `only servers of the Responses API have tools of the type ${type}: offer a function`,
  );
  return false;
}

/** Whether a part is a reference to an item that the provider keeps. */
function refers(part: Part): part is OpaquePart {
  if (part.type !== 'opaque' || part.dialect !== RESPONSES) return false;
  return (part.value['type'] ?? 'item_reference') === 'item_reference';
}

function withoutReferences({ messages }: ChatRequest, context: EncodeContext): ChatRequest['messages'] {
  if (!messages.some(({ parts }) => parts.some(refers))) return messages;
  return messages.map((message) => {
    const kept = message.parts.filter((part) => {
      if (!refers(part)) return true;
      const { id } = part.value;
      if (isMinted(id)) throw notKept('input', String(id));
      const reason = `this target keeps no items, and ${JSON.stringify(id)} is a reference to one: ${WHOLE}`;
      context.unsupported('input', reason);
      return false;
    });
    return { ...message, parts: kept };
  });
}
