/** Reads items, of an input or of an output, into parts. */
import type { JsonObject, Part, ReasoningPart, Role } from '@gatewright/core';
import { wrongType, type Fault } from '../fault.ts';
import { isObject, textOf, type Writable } from '../json-value.ts';
import { Reader } from '../reader.ts';
import { decodeContent } from './content-decode.ts';
import { RESPONSES } from './dialect-id.ts';
import { isMinted } from './minted.ts';
import { plainItem } from './plain-item.ts';
import { EMPTY, ITEM, MESSAGE_FIELDS, restOf } from './rest.ts';
import { unseal } from './sealed-reasoning.ts';

export interface DecodedItem {
  readonly role: Role;
  readonly parts: readonly Part[];
  readonly isMessage: boolean;
}

/** What every item has that no other dialect need be told of: its id, and how far it has come. */
const COMMON = ['type', 'id', 'status'] as const;

const ROLES: readonly string[] = ['user', 'assistant', 'system', 'developer'];

/** Reads one item. It is kept beside what was read from it, so that it can be written as it came. */
export function decodeItem(value: unknown, path: string, fault: Fault): DecodedItem {
  if (!isObject(value)) throw wrongType(fault, path, 'an item', value);
  const plain = plainItem(value);
  if (plain !== undefined) return plain;
  const reader = new Reader(value, path, fault);
  for (const key of COMMON) reader.take(key);
  const type = reader.string('type') ?? (value['role'] === undefined ? undefined : 'message');
  switch (type) {
    case 'message':
      return decodeMessage(reader);
    case 'function_call':
      return single('assistant', functionCall(reader), reader);
    case 'function_call_output':
      return single('tool', functionOutput(reader), reader);
    case 'reasoning':
      return single('assistant', reasoning(reader), reader);
    default:
      return { role: roleOf(type), parts: [{ type: 'opaque', dialect: RESPONSES, value }], isMessage: false };
  }
}

/** Whose turn an item is that only this dialect has: what tools gave is the client's, all else was the model's. */
function roleOf(type: string | undefined): Role {
  return type?.endsWith('_output') === true || type === 'mcp_approval_response' ? 'tool' : 'assistant';
}

type WritablePart = Writable<Part>;

function single(role: Role, part: WritablePart, reader: Reader): DecodedItem {
  const rest = restOf({ ...reader.unknown(), [ITEM]: { original: reader.value } });
  if (rest !== undefined) part.rest = rest;
  return { role, parts: [part], isMessage: false };
}

function functionCall(reader: Reader): WritablePart {
  return {
    type: 'tool-call',
    id: reader.requiredString('call_id'),
    name: reader.requiredString('name'),
    arguments: reader.requiredString('arguments'),
  };
}

function functionOutput(reader: Reader): WritablePart {
  const output = reader.take('output');
  if (output === undefined)
    throw wrongType(reader.fault, reader.at('output'), 'a string or an array of content parts', reader.value['output']);
  const parts = decodeContent(output, reader.at('output'), reader.fault);
  return { type: 'tool-result', id: reader.requiredString('call_id'), parts };
}

/** The text is the summary and what else is shown of the thoughts; `encrypted_content` is for who made it. */
function reasoning(reader: Reader): WritablePart {
  const texts = [...textsOf(reader.array('summary')), ...textsOf(reader.array('content'))];
  const hidden = textOf(reader.string('encrypted_content'));
  const part: Writable<ReasoningPart> = { type: 'reasoning', text: texts.join(BETWEEN), origin: RESPONSES };
  const sealed = hidden === undefined ? undefined : unseal(hidden);
  if (sealed !== undefined) return { ...part, ...sealed };
  // Its own provider would have put something there; whose it was is not known any more.
  if (isMinted(reader.value['id'])) part.origin = 'another dialect';
  else if (hidden !== undefined) part.signature = hidden;
  return part;
}

/** What stands between two summaries of the same thinking. */
export const BETWEEN = '\n\n';

function textsOf(list: readonly unknown[] | undefined): string[] {
  return (list ?? [])
    .map((one) => (isObject(one) ? textOf(one['text']) : undefined))
    .filter((text) => text !== undefined);
}

function decodeMessage(reader: Reader): DecodedItem {
  const role = reader.requiredString('role');
  if (!ROLES.includes(role)) {
    throw reader.fault(reader.at('role'), `must be one of ${ROLES.join(', ')}, not ${JSON.stringify(role)}`);
  }
  // `phase` tells the preliminary remarks of an answer from the rest: it matters to the models that make them.
  reader.take('phase');
  const [first = empty(), ...others] = decodeContent(reader.take('content'), reader.at('content'), reader.fault);
  const unknown = reader.unknown();
  const fields: JsonObject = { ...first.rest?.fields, [ITEM]: { original: reader.value } };
  if (Object.keys(unknown).length > 0) fields[MESSAGE_FIELDS] = unknown;
  const rest = restOf(fields);
  const begun = rest === undefined ? first : { ...first, rest };
  return { role: role as Role, parts: [begun, ...others], isMessage: true };
}

/** Stands for a message without content. */
const empty = (): Part => {
  const rest = restOf({ [EMPTY]: true });
  return { type: 'text', text: '', ...(rest === undefined ? {} : { rest }) };
};
