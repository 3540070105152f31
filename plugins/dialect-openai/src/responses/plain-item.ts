/** Reads items in the plain forms that most of them have: a message of one text, a call, the output of a call as text. */
import type { JsonObject, Part, Rest, Role } from '@gatewright/core';
import { textOf } from '../json-value.ts';
import { RESPONSES } from './dialect-id.ts';
import type { DecodedItem } from './item-decode.ts';

const MESSAGE = ['type', 'id', 'status', 'role', 'phase', 'content'];
const CALL = ['type', 'id', 'status', 'call_id', 'name', 'arguments'];
const OUTPUT = ['type', 'id', 'status', 'call_id', 'output'];

/** The item; undefined where its form is not plain. */
export function plainItem(value: JsonObject): DecodedItem | undefined {
  switch (value['type']) {
    case undefined:
    case 'message':
      return message(value);
    case 'function_call':
      return call(value);
    case 'function_call_output':
      return output(value);
    default:
      return undefined;
  }
}

function message(value: JsonObject): DecodedItem | undefined {
  const { role } = value;
  const text = textOf(value['content']);
  const isRole = role === 'user' || role === 'assistant' || role === 'system' || role === 'developer';
  if (text === undefined || !isRole || !hasOnly(value, MESSAGE)) return undefined;
  return { role, parts: [{ type: 'text', text, rest: kept(value) }], isMessage: true };
}

function call(value: JsonObject): DecodedItem | undefined {
  const { call_id: id, name, arguments: text } = value;
  if (typeof id !== 'string' || typeof name !== 'string' || typeof text !== 'string') return undefined;
  if (!hasOnly(value, CALL)) return undefined;
  return single('assistant', { type: 'tool-call', id, name, arguments: text, rest: kept(value) });
}

function output(value: JsonObject): DecodedItem | undefined {
  const { call_id: id } = value;
  const text = textOf(value['output']);
  if (typeof id !== 'string' || text === undefined || !hasOnly(value, OUTPUT)) return undefined;
  return single('tool', { type: 'tool-result', id, parts: [{ type: 'text', text }], rest: kept(value) });
}

const single = (role: Role, part: Part): DecodedItem => ({ role, parts: [part], isMessage: false });

/** The item itself under `$item`, so that it can be written as it came: named, since computed names take longer. */
const kept = (original: JsonObject): Rest => ({ dialect: RESPONSES, fields: { $item: { original } } });

function hasOnly(value: JsonObject, known: readonly string[]): boolean {
  for (const key in value) if (!known.includes(key)) return false;
  return true;
}
