/** Writes neutral parts as items: of the input that a provider is sent, or of the output that a client gets. */
import { createHash } from 'node:crypto';
import type {
  EncodeContext,
  JsonObject,
  OpaquePart,
  Part,
  ReasoningPart,
  Role,
  ToolCallPart,
  ToolResultPart,
} from '@gatewright/core';
import { bareText, warnOfCache } from '../content-encode.ts';
import { isObject, textOf } from '../json-value.ts';
import { encodeContentPart, encodeInput, isContent } from './content-encode.ts';
import { RESPONSES } from './dialect-id.ts';
import { addOwnFields, beginsItem, EMPTY, MESSAGE_FIELDS, ownFields, refuseForeign } from './rest.ts';
import { seal } from './sealed-reasoning.ts';

/** Whom items are written for: a client may see all reasoning, a provider only its own. */
export type Audience = 'client' | 'provider';

/** How long the API lets the id of a call be (`call_id` of `function_call_output` in its OpenAPI schema). */
const MAX_CALL_ID = 64;

/** How items are written. */
export interface ItemStyle {
  readonly audience: Audience;
  readonly context: EncodeContext;
  /** Writes an item as it came. `part` is the first of those that it is written from. */
  readonly respell: (item: JsonObject, part: Part | undefined) => JsonObject;
}

/** One item, and the parts that it was written from. */
export interface WrittenItem {
  readonly item: JsonObject;
  readonly parts: readonly Part[];
}

/** The items that stand for the parts of a message or an answer, in their order. */
export function encodeItems(parts: readonly Part[], role: Role, path: string, style: ItemStyle): WrittenItem[] {
  const items: WrittenItem[] = [];
  let said: Part[] = [];
  let from = 0;
  const close = (): void => {
    if (said.length > 0) items.push({ item: encodeMessage(said, role, `${path}.content`, from, style), parts: said });
    said = [];
  };
  for (const [index, part] of parts.entries()) {
    if (!isContent(part) || beginsItem(part.rest)) close();
    if (isContent(part)) {
      if (said.length === 0) from = index;
      said.push(part);
      continue;
    }
    const item = encodeItem(part, `${path}.content[${index}]`, style);
    if (item !== undefined) items.push({ item, parts: [part] });
  }
  close();
  return items;
}

/** The message that has these parts as its content. `from` is the place of the first among the parts of its turn. */
function encodeMessage(parts: readonly Part[], role: Role, path: string, from: number, style: ItemStyle): JsonObject {
  const [first] = parts;
  const message =
    role === 'assistant' ? said(parts, path, from, style) : { role, content: encodeInput(parts, path, style.context) };
  const unknown = ownFields(first?.rest)[MESSAGE_FIELDS];
  if (isObject(unknown)) Object.assign(message, { ...unknown, ...message });
  return style.respell(message, first);
}

/** What a model said: in the form of answers where it came so, else as plain text, which needs no id. */
function said(parts: readonly Part[], path: string, from: number, { audience, context }: ItemStyle): JsonObject {
  const [first] = parts;
  const isCited = first?.type === 'text' && first.citations !== undefined;
  const text = audience === 'client' || isCited ? undefined : bareText(parts, RESPONSES);
  if (text !== undefined) return { role: 'assistant', content: text };
  const content = parts.flatMap((part, index) => {
    // An empty part stands for a message without content.
    if (part.type === 'text' && ownFields(part.rest)[EMPTY] === true && part.text === '') return [];
    return encodeContentPart(part, `${path}[${from + index}]`, 'output', context);
  });
  if (audience === 'client') return { type: 'message', status: 'completed', role: 'assistant', content };
  if (beginsItem(first?.rest)) return { role: 'assistant', content };
  if (content.every((part) => part['type'] === 'output_text')) {
    return { role: 'assistant', content: content.map((part) => part['text']).join('') };
  }
  return { type: 'message', id: `msg_${from}`, status: 'completed', role: 'assistant', content };
}

/** The item of a part that is one of its own; undefined where it cannot be expressed. */
export function encodeItem(part: Part, path: string, style: ItemStyle): JsonObject | undefined {
  const { audience, context } = style;
  if (part.type !== 'opaque') refuseForeign(part.rest, path, context);
  switch (part.type) {
    case 'tool-call':
      return finish(callOf(part, audience), part, style);
    case 'tool-result':
      return finish(resultOf(part, path, context), part, style);
    case 'reasoning':
      return encodeReasoning(part, style);
    case 'opaque':
      return encodeOpaque(part, path, context);
    default:
      context.unsupported(path, `a part of the type ${part.type} cannot stand here`);
      return undefined;
  }
}

function finish(item: JsonObject, part: Part, style: ItemStyle): JsonObject {
  addOwnFields(item, part.rest);
  return style.respell(item, part);
}

/** Ids of other dialects may be longer than the API takes; a hash is still one id for one call. */
function callId(id: string, own: boolean): string {
  return own || id.length <= MAX_CALL_ID ? id : createHash('sha256').update(id).digest('hex');
}

/** Clients parse the arguments as JSON: a call without any has an empty object. */
function callOf(part: ToolCallPart, audience: Audience): JsonObject {
  const call = {
    type: 'function_call',
    call_id: callId(part.id, audience === 'client' || beginsItem(part.rest)),
    name: part.name,
    arguments: part.arguments === '' ? '{}' : part.arguments,
  };
  return audience === 'client' ? { ...call, status: 'completed' } : call;
}

function resultOf(part: ToolResultPart, path: string, context: EncodeContext): JsonObject {
  if (part.cache !== undefined) warnOfCache(context);
  if (part.isError === true) context.warn('is_error', 'that a tool failed is told by its text alone');
  return {
    type: 'function_call_output',
    call_id: callId(part.id, beginsItem(part.rest)),
    output: encodeInput(part.parts, `${path}.content`, context),
  };
}

/** Another provider's reasoning is not sent on: its signature would not hold. A client gets it with its signature sealed. */
function encodeReasoning(part: ReasoningPart, style: ItemStyle): JsonObject | undefined {
  const foreign = part.origin !== RESPONSES;
  if (foreign && style.audience === 'provider') {
    style.context.warn('reasoning', `reasoning from ${part.origin} is not sent to another provider`);
    return undefined;
  }
  const item: JsonObject = { type: 'reasoning', summary: summaryOf(part.text) };
  const hidden = foreign ? seal(part) : textOf(part.signature);
  if (hidden !== undefined) item['encrypted_content'] = hidden;
  return finish(item, part, style);
}

const summaryOf = (text: string): JsonObject[] => (text === '' ? [] : [{ type: 'summary_text', text }]);

function encodeOpaque(part: OpaquePart, path: string, context: EncodeContext): JsonObject | undefined {
  if (part.dialect === RESPONSES) return { ...part.value };
  context.unsupported(
    path,
    `only ${part.dialect} has parts of the type ${JSON.stringify(part.value['type'] ?? 'unknown')}`,
  );
  return undefined;
}
