/** Reads `instructions` and `input` as messages. */
import type { Message, Part } from '@gatewright/core';
import { badRequest, wrongType } from '../fault.ts';
import { isObject } from '../json-value.ts';
import type { Reader } from '../reader.ts';
import { decodeItem, type DecodedItem } from './item-decode.ts';
import { plainItem } from './plain-item.ts';
import { restOf } from './rest.ts';

/** The note of the message that came as `instructions`. */
export const INSTRUCTIONS = '$instructions';
/** The note of the message that was the whole `input`, as a string. */
export const BARE_INPUT = '$input';

/** The messages, in the order of the items. Throws `GW_BAD_REQUEST` with the path of what is wrong. */
export function decodeMessages(reader: Reader): Message[] {
  const messages: Message[] = [];
  const instructions = reader.take('instructions');
  if (typeof instructions === 'string') messages.push(noted('system', instructions, INSTRUCTIONS));
  else if (instructions !== undefined) throw wrongType(badRequest, 'instructions', 'a string', instructions);
  const input = reader.take('input');
  if (typeof input === 'string') return [...messages, noted('user', input, BARE_INPUT)];
  // A stored prompt may be the whole of a request.
  if (input === undefined) return messages;
  if (!Array.isArray(input)) throw wrongType(badRequest, 'input', 'a string or an array of items', input);
  const turns = new Turns();
  // Paths are put together for items that are not plain: most are.
  for (let index = 0; index < input.length; index++) {
    const item: unknown = input[index];
    turns.add((isObject(item) ? plainItem(item) : undefined) ?? decodeItem(item, `input[${index}]`, badRequest));
  }
  return [...messages, ...turns.messages];
}

function noted(role: Message['role'], text: string, note: string): Message {
  const rest = restOf({ [note]: true });
  return { role, parts: [{ type: 'text', text }], ...(rest === undefined ? {} : { rest }) };
}

/**
 * Puts what a model did in one turn into one message: dialects that have messages want the calls of a turn together, and
 * the reasoning that led to them.
 */
class Turns {
  readonly messages: Message[] = [];
  #turn: Part[] | undefined;
  #said = false;
  #called = false;

  add({ role, parts, isMessage }: DecodedItem): void {
    if (role !== 'assistant') {
      this.#turn = undefined;
      this.messages.push({ role, parts });
      return;
    }
    const [first] = parts;
    const leads = isMessage || first?.type === 'reasoning';
    // What was said before, and led to no call, is an answer of its own.
    if (this.#turn === undefined || (leads && this.#said && !this.#called)) this.#begin();
    for (const part of parts) this.#turn?.push(part);
    this.#said ||= isMessage;
    this.#called ||= first?.type === 'tool-call' || first?.type === 'opaque';
  }

  #begin(): void {
    this.#turn = [];
    this.#said = false;
    this.#called = false;
    this.messages.push({ role: 'assistant', parts: this.#turn });
  }
}
