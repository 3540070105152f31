/** What an assistant said: a message of the history, or the message of an answer. */
import type { JsonObject, Part, Rest, TextPart, ToolCallPart } from '@gatewright/core';
import { decodeContent, shapeOf } from './content-reader.ts';
import { encodeContent } from './content-writer.ts';
import { CHAT, isOwn } from './names.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import { besides, compact, extra, hint, isKnown, omit, restFields, restore } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

/** Marks the text that stands in `tool_plan`: what the model means to do with the tools that it calls. */
const PLAN = '$plan';

/** A part that is the plan before the calls of tools. */
export function planPart(text: string): TextPart {
  return { type: 'text', text, rest: { dialect: CHAT, fields: { [PLAN]: true } } };
}

export function isPlan(part: Part): boolean {
  return part.type === 'text' && hint(part.rest, PLAN) === true;
}

export interface DecodedAnswer {
  readonly parts: readonly Part[];
  readonly rest?: Rest;
}

/** Empty fields say nothing; the API writes some of them. */
function isVoid(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

/** Fields that may be empty. */
const OPTIONAL = ['tool_plan', 'tool_calls', 'citations'];

/** Reads a message of the assistant: its content, then its plan, then its calls. */
export function decodeAnswer(message: JsonObject, at: Reading): DecodedAnswer {
  const { content, tool_plan: plan, tool_calls: calls, citations } = message;
  const parts: Part[] = decodeContent(content, at.at('content'));
  const known = ['role', 'content', 'tool_plan', 'tool_calls'];
  const empty: JsonObject = {};
  for (const key of OPTIONAL) if (isVoid(message[key])) empty[key] = message[key];
  if (!isMissing(plan) && plan !== '') parts.push(planPart(at.at('tool_plan').string(plan)));
  if (Array.isArray(citations) && citations.length > 0 && cite(parts, citations)) known.push('citations');
  if (!isMissing(calls)) {
    const place = at.at('tool_calls');
    for (const [index, call] of place.list(calls).entries()) parts.push(decodeCall(call, index, place.at(index)));
  }
  known.push(...Object.keys(empty));
  return { parts, ...besides(message, known, { $content: shapeOf(content), $extra: extra(empty) }) };
}

/** Puts citations to the text that they are of: the last one, or the plan. False where there is no text. */
function cite(parts: Part[], citations: readonly unknown[]): boolean {
  const isCited = (part: Part): boolean => part.type === 'text' && !isPlan(part);
  const last = parts.findLastIndex(isCited);
  const index = last < 0 ? parts.findLastIndex(isPlan) : last;
  if (index < 0) return false;
  parts[index] = { ...(parts[index] as TextPart), citations: { dialect: CHAT, items: citations } };
  return true;
}

const CALL_FIELDS = ['id', 'type', 'function'];
const FUNCTION_FIELDS = ['name', 'arguments'];

/** Reads a call of a tool. What is no call of a function is kept whole. */
export function decodeCall(value: unknown, index: number, at: Reading): Part {
  const call = at.object(value);
  const { id, type, function: found } = call;
  if ((!isMissing(type) && type !== 'function') || !isObject(found)) {
    return { type: 'opaque', dialect: CHAT, value: call, rest: { dialect: CHAT, fields: { $call: true } } };
  }
  const { arguments: text } = found;
  const place = at.at('function');
  const absent =
    id === undefined || type === undefined ? CALL_FIELDS.filter((key) => call[key] === undefined) : undefined;
  const inner = isKnown(found, FUNCTION_FIELDS) ? undefined : extra(restFields(found, omit(found, ...FUNCTION_FIELDS)));
  const hints = { $absent: absent, $function: inner, $arguments: isEmpty(text) ? { came: text } : undefined };
  return {
    type: 'tool-call',
    id: isMissing(id) ? `call_${index}` : at.at('id').string(id),
    name: place.at('name').string(found['name']),
    arguments: isEmpty(text) ? '{}' : place.at('arguments').string(text),
    ...besides(call, CALL_FIELDS, hints),
  };
}

/** Models write calls without arguments as `null`, or as nothing; every other dialect wants an object. */
function isEmpty(text: unknown): boolean {
  return isMissing(text) || text === '' || text === 'null';
}

export interface EncodedAnswer {
  readonly content?: string | JsonObject[];
  readonly tool_plan?: string;
  readonly tool_calls?: JsonObject[];
  readonly citations?: unknown[];
}

/** Writes parts as the fields of a message of the assistant. Those that are not there have nothing to say. */
export function encodeAnswer(parts: readonly Part[], rest: Rest | undefined, at: Writing): EncodedAnswer {
  const place = at.at('content');
  const calls: JsonObject[] = [];
  const content: Part[] = [];
  const plan: string[] = [];
  const citations: unknown[] = [];
  // What was said before the calls is the plan here; a client may be shown it as text.
  const plans = at.reader === 'provider' && !at.own && parts.some((part) => part.type === 'tool-call');
  for (const [index, part] of parts.entries()) {
    if (part.type === 'text') citations.push(...citationsOf(part, place.at(index)));
    if (part.type === 'tool-call') calls.push(encodeCall(part, place.at(index)));
    else if (part.type === 'opaque' && hint(part.rest, '$call') === true) calls.push(part.value);
    else if (isPlan(part) || (plans && part.type === 'text')) plan.push((part as TextPart).text);
    else if (belongsHere(part, place.at(index))) content.push(part);
  }
  const shape = at.reader === 'client' && !at.own ? 'list' : hint(rest, '$content');
  const said = plan.filter((text) => text !== '').join('\n');
  return compact({
    content: contentOf(content, shape, place),
    tool_plan: said === '' ? undefined : said,
    tool_calls: calls.length === 0 ? undefined : calls,
    citations: citations.length === 0 ? undefined : citations,
  });
}

function contentOf(parts: readonly Part[], shape: unknown, at: Writing): string | JsonObject[] | undefined {
  const content = encodeContent(parts, shape, at);
  return Array.isArray(content) && content.length === 0 && !at.own ? undefined : content;
}

function citationsOf({ citations }: TextPart, at: Writing): readonly unknown[] {
  if (citations === undefined || citations.items.length === 0) return [];
  if (isOwn(citations.dialect)) return citations.items;
  at.at('citations').unsupported(`They are in the form of the dialect ${citations.dialect}.`);
  return [];
}

/** Whether a part can stand in a message of the assistant; where it cannot, that is said. */
export function belongsHere(part: Part, at: Writing): boolean {
  const fits = at.own || (part.type !== 'image' && part.type !== 'document');
  if (!fits) at.unsupported(`A message of the assistant can hold no ${part.type} in this dialect.`);
  return fits;
}

/** Writes one call. */
export function encodeCall(part: ToolCallPart, at: Writing): JsonObject {
  if (part.cache !== undefined) at.warn('Cache marks of other dialects are left out: prompts are cached without them.');
  const known: JsonObject = { name: part.name, arguments: part.arguments };
  const empty = hint(part.rest, '$arguments') as { readonly came?: unknown } | undefined;
  if (empty !== undefined && part.arguments === '{}') {
    if (typeof empty.came === 'string') known['arguments'] = empty.came;
    else delete known['arguments'];
  }
  const called = restore(known, hint(part.rest, '$function') as JsonObject | undefined);
  return at.complete({ id: part.id, type: 'function', function: called }, part.rest);
}
