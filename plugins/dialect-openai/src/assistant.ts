/** What an assistant said: a message of the history, or the message of an answer. */
import type { AudioPart, EncodeContext, JsonObject, Part, ReasoningPart, TextPart } from '@gatewright/core';
import { decodeTextContent } from './content-decode.ts';
import { asContent, bareText, encodeContentPart, IN_CONTENT } from './content-encode.ts';
import { DIALECT } from './dialect-id.ts';
import { wrongType, type Fault } from './fault.ts';
import { isObject, textOf, type Writable } from './json-value.ts';
import {
  findReasoning,
  REASONING_DETAILS,
  REASONING_KEYS,
  reasoningPart,
  warnOfSignature,
  writeReasoning,
} from './reasoning.ts';
import { addOwnFields, ownFields, restOf, unknownFields } from './rest.ts';
import { citationFromResponses } from './sibling.ts';
import { decodeFunctionCall, decodeToolCalls, encodeCalls, isLegacyCall, isOpaqueCall } from './tool-calls.ts';

/** Ids for calls that came without one. */
export interface CallIds {
  readonly call: (index: number) => string;
  readonly functionCall: string;
}

/** Whom a message is written for: a client may see all reasoning, a provider only its own. */
export type Audience = 'client' | 'provider';

/** Fields that are always read; `annotations` and the reasoning fields are only where they can be. */
const KNOWN: ReadonlySet<string> = new Set(['role', 'content', 'refusal', 'audio', 'tool_calls', 'function_call']);
const AUDIO_FIELDS: ReadonlySet<string> = new Set(['data', 'transcript']);

/** The parts of a message, and its fields that nothing was read from. */
export function decodeAssistant(
  message: JsonObject,
  path: string,
  fault: Fault,
  ids: CallIds,
): { parts: Part[]; unknown: JsonObject } {
  const unknown = unknownFields(message, KNOWN);
  const parts: Part[] = [];
  const found = findReasoning(message);
  if (found !== undefined) parts.push(reasoningPart(found));
  for (const key of found?.keys ?? []) delete unknown[key];
  if (found?.details !== undefined) delete unknown[REASONING_DETAILS];
  // An empty field says nothing; which one it was is kept as spelling.
  for (const key of REASONING_KEYS) if (unknown[key] === '') delete unknown[key];
  parts.push(...decodeTextContent(message['content'], `${path}.content`, fault));
  attachAnnotations(parts, message, unknown);
  const { refusal } = message;
  if (typeof refusal === 'string') {
    if (refusal !== '') parts.push({ type: 'refusal', text: refusal });
  } else if (refusal !== null && refusal !== undefined) throw wrongType(fault, `${path}.refusal`, 'a string', refusal);
  parts.push(...decodeAudio(message['audio'], `${path}.audio`, fault));
  parts.push(...decodeFunctionCall(message['function_call'], `${path}.function_call`, fault, ids.functionCall));
  parts.push(...decodeToolCalls(message['tool_calls'], `${path}.tool_calls`, fault, ids.call));
  return { parts, unknown };
}

/** Annotations cite from the whole content; they go with its last text. */
function attachAnnotations(parts: Part[], message: JsonObject, unknown: JsonObject): void {
  const { annotations } = message;
  if (!Array.isArray(annotations)) return;
  if (annotations.length > 0) {
    const last = parts.findLastIndex((part) => part.type === 'text');
    if (last < 0) return;
    parts[last] = { ...(parts[last] as TextPart), citations: { dialect: DIALECT, items: annotations } };
  }
  delete unknown['annotations'];
}

/** Spoken output: in an answer its data, in the history the id under which the provider has it. */
function decodeAudio(audio: unknown, path: string, fault: Fault): Part[] {
  if (audio === null || audio === undefined) return [];
  if (!isObject(audio)) throw wrongType(fault, path, 'an object', audio);
  return [audioPart(audio)];
}

/** The API does not say in an answer which format the data has: the request chose it. */
const SPOKEN = 'audio/*';

/** The part of an `audio` object of an answer or a delta. */
export function audioPart(audio: JsonObject): AudioPart {
  const { data, id, transcript } = audio;
  if (typeof data !== 'string' && typeof transcript !== 'string' && typeof id === 'string') {
    const rest = restOf(unknownFields(audio, new Set(['id'])));
    return { type: 'audio', source: { kind: 'file', id, origin: DIALECT }, ...(rest === undefined ? {} : { rest }) };
  }
  const source = { kind: 'base64' as const, mediaType: SPOKEN, data: typeof data === 'string' ? data : '' };
  const part: Writable<AudioPart> = { type: 'audio', source };
  if (typeof transcript === 'string') part.transcript = transcript;
  const rest = restOf(unknownFields(audio, AUDIO_FIELDS));
  if (rest !== undefined) part.rest = rest;
  return part;
}

/** Writes parts as the fields of an assistant's message. */
export function encodeAssistant(
  parts: readonly Part[],
  path: string,
  context: EncodeContext,
  audience: Audience,
): JsonObject {
  const text = bareText(parts);
  if (text !== undefined && (parts[0] as TextPart).citations === undefined) return { role: 'assistant', content: text };
  const message: JsonObject = { role: 'assistant', content: null };
  const content: JsonObject[] = [];
  for (const [index, part] of parts.entries()) {
    const at = `${path}.content[${index}]`;
    if (belongsInContent(part)) content.push(...encodeContentPart(part, at, context));
    else writeField(part, at, message, context, audience);
  }
  encodeCalls(parts, path, message, context);
  if (content.length > 0) message['content'] = audience === 'client' ? forClient(content) : asContent(content);
  else if (audience === 'provider' && !hasOther(message)) message['content'] = '';
  const annotations = citations(parts, context);
  if (annotations.length > 0) message['annotations'] = annotations;
  return message;
}

function belongsInContent(part: Part): boolean {
  if (part.type === 'text') return true;
  if (part.type === 'opaque') return !isOpaqueCall(part);
  return ownFields(part.rest)[IN_CONTENT] === true;
}

function writeField(part: Part, path: string, message: JsonObject, context: EncodeContext, audience: Audience): void {
  switch (part.type) {
    case 'reasoning':
      if (mayShow(part, context, audience)) writeReasoning(part, message);
      return;
    case 'refusal':
      message['refusal'] = `${textOf(message['refusal']) ?? ''}${part.text}`;
      return;
    case 'audio':
      encodeSpoken(part, path, message, context, audience);
      return;
    case 'image':
    case 'document':
    case 'tool-result':
      context.unsupported(path, `a ${part.type} cannot stand in the message of an assistant`);
      return;
    default:
  }
}

/** Another provider's reasoning is not sent on: its signature would not hold, and its text was not this model's. */
function mayShow(part: ReasoningPart, context: EncodeContext, audience: Audience): boolean {
  if (part.origin === DIALECT) return true;
  if (audience === 'provider')
    context.warn('reasoning', `reasoning from ${part.origin} is not sent to another provider`);
  else if (textOf(part.signature) !== undefined || part.redacted !== undefined) warnOfSignature(context);
  return audience === 'client';
}

/** To a client go the data; a provider is told the id under which it has them. */
function encodeSpoken(
  part: AudioPart,
  path: string,
  message: JsonObject,
  context: EncodeContext,
  audience: Audience,
): void {
  const { source } = part;
  const id = source.kind === 'file' ? source.id : textOf(ownFields(part.rest)['id']);
  const audio: JsonObject = {};
  if (source.kind === 'base64' && audience === 'client') {
    audio['data'] = source.data;
    if (part.transcript !== undefined) audio['transcript'] = part.transcript;
    addOwnFields(audio, part.rest);
  } else if (id !== undefined) audio['id'] = id;
  else {
    context.unsupported(path, 'what was spoken can be told by its id only');
    return;
  }
  message['audio'] = audio;
}

/** An answer's content is one string, unless the server itself answered in parts. */
function forClient(content: JsonObject[]): unknown {
  if (!content.every((part) => part['type'] === 'text')) return content;
  return content.map((part) => part['text']).join('');
}

function hasOther(message: JsonObject): boolean {
  return ['tool_calls', 'function_call', 'refusal', 'audio'].some((key) => message[key] !== undefined);
}

/** A citation in the form of this dialect; undefined where it has none. */
export const citationOf = (dialect: string, item: unknown): unknown =>
  dialect === DIALECT ? item : citationFromResponses(dialect, item);

function citations(parts: readonly Part[], context: EncodeContext): unknown[] {
  const items: unknown[] = [];
  for (const part of parts) {
    if (part.type !== 'text' || part.citations === undefined) continue;
    const { dialect } = part.citations;
    const written = part.citations.items.map((item) => citationOf(dialect, item)).filter((item) => item !== undefined);
    items.push(...written);
    if (written.length < part.citations.items.length) {
      context.warn('citations', `citations in the form of ${dialect} are left out`);
    }
  }
  return items;
}

/** Whether one of the parts is a call in the form from before `tool_calls`. */
export function hasLegacyCall(parts: readonly Part[]): boolean {
  return parts.some((part) => part.type === 'tool-call' && isLegacyCall(part));
}
