/** Reads the events of one item of a streamed answer, and keeps track of its parts. */
import type { ChatEvent, Delta, JsonObject, Part, Rest } from '@gatewright/core';
import { isObject, textOf } from '../json-value.ts';
import { unknownFields } from '../rest.ts';
import { spellingOf } from '../spelling.ts';
import { decodeContentPart } from './content-decode.ts';
import { RESPONSES } from './dialect-id.ts';
import { badReply } from './fault.ts';
import { BETWEEN } from './item-decode.ts';
import { ITEM, restOf } from './rest.ts';
import { BETWEEN_SUMMARIES, BETWEEN_THOUGHTS, DONE, EVENT, noted, OF_THOUGHTS } from './stream-notes.ts';

/** Where the events of an item go. */
export interface ItemSink {
  /** Begins a part; answers with its index. */
  begin(part: Part): number;
  emit(event: ChatEvent): void;
}

/** Fields of items that come piece by piece, or change until an item is done. */
const GROWING: ReadonlySet<string> = new Set(['status', 'arguments', 'content', 'summary', 'encrypted_content']);
const KNOWN: ReadonlySet<string> = new Set([...GROWING, 'type', 'id', 'role', 'phase', 'call_id', 'name']);

type Kind = 'message' | 'function_call' | 'reasoning' | 'other';

function kindOf(item: JsonObject): Kind {
  const { type } = item;
  return type === 'message' || type === 'function_call' || type === 'reasoning' ? type : 'other';
}

/** One item while it is open. */
export class ItemReader {
  readonly #sink: ItemSink;
  readonly #kind: Kind;
  readonly #item: JsonObject;
  /** The part that is being added to, and what has been added. */
  #part: number | undefined;
  #text = '';
  /** Which of its texts reasoning is at: `summary 0`. */
  #section = '';
  #begun = false;

  constructor(item: JsonObject, sink: ItemSink) {
    this.#sink = sink;
    this.#item = item;
    this.#kind = kindOf(item);
    if (this.#kind !== 'message') this.#begin(this.#opening());
    const given = item['arguments'];
    if (this.#kind === 'function_call' && typeof given === 'string') this.#add({ kind: 'arguments', text: given });
  }

  /** A content part of a message begins. */
  content(part: unknown): void {
    if (this.#kind !== 'message' || !isObject(part)) return;
    this.#end();
    const decoded = decodeContentPart(part, 'part', badReply);
    const [opening, text] = emptied(decoded);
    this.#begin(this.#begun ? opening : withItem(opening, this.#notes()));
    if (text !== '') this.#add({ kind: opening.type === 'refusal' ? 'refusal' : 'text', text });
  }

  /** More of a text, of arguments, of a refusal. */
  add(kind: 'text' | 'arguments' | 'refusal', text: string, logprobs?: readonly unknown[]): void {
    if (this.#part === undefined && this.#kind === 'message')
      this.content({ type: kind === 'refusal' ? kind : 'output_text', text: '', refusal: '' });
    this.#add({ kind, text }, logprobs);
  }

  /** More of the text that the last piece was of has been read elsewhere. */
  passed(text: string): void {
    this.#text += text;
  }

  /** All of a text at once: what has not come in pieces is added. */
  complete(kind: 'text' | 'arguments' | 'refusal', whole: unknown): void {
    if (typeof whole !== 'string' || !whole.startsWith(this.#text) || whole.length === this.#text.length) return;
    this.add(kind, whole.slice(this.#text.length));
  }

  cite(item: unknown): void {
    this.#emit({ kind: 'citation', dialect: RESPONSES, item });
  }

  /** More of what the model thought. `section` names which text it belongs to. */
  think(section: string, isSummary: boolean, text: string): void {
    if (this.#kind !== 'reasoning') return;
    if (this.#section !== '' && this.#section !== section) {
      this.#emit({ kind: 'reasoning', text: BETWEEN }, isSummary ? BETWEEN_SUMMARIES : BETWEEN_THOUGHTS);
      this.#text = '';
    }
    this.#section = section;
    this.#text += text;
    if (text !== '') this.#emit({ kind: 'reasoning', text }, isSummary ? undefined : OF_THOUGHTS);
  }

  /** All of one text of the reasoning. */
  thought(section: string, isSummary: boolean, whole: unknown): void {
    if (typeof whole !== 'string') return;
    const known = this.#section === section ? this.#text : '';
    if (whole.startsWith(known) && whole.length > known.length)
      this.think(section, isSummary, whole.slice(known.length));
  }

  /** An event that only this dialect has. */
  pass(event: JsonObject): void {
    this.#emit({ kind: 'opaque', dialect: RESPONSES, value: {} }, noted(EVENT, event));
  }

  /** The item as it is at its end; undefined where the stream ended before it. */
  done(item: JsonObject | undefined): void {
    if (item !== undefined) this.#finish(item);
    this.#end();
  }

  #finish(item: JsonObject): void {
    if (this.#kind === 'other') {
      this.#emit({ kind: 'opaque', dialect: RESPONSES, value: item });
      return;
    }
    if (this.#kind === 'message') this.#finishMessage(item['content']);
    if (this.#kind === 'function_call') this.complete('arguments', item['arguments']);
    if (this.#kind === 'reasoning') this.#finishReasoning(item);
    this.#emit({ kind: 'opaque', dialect: RESPONSES, value: {} }, noted(DONE, unknownFields(item, CONTENT_KEYS)));
  }

  /** A message whose content came only with its end. */
  #finishMessage(content: unknown): void {
    if (this.#begun || !Array.isArray(content)) return;
    for (const part of content as unknown[]) this.content(part);
  }

  #finishReasoning(item: JsonObject): void {
    const { summary, content } = item;
    if (this.#section === '') {
      for (const [isSummary, list] of [
        [true, summary],
        [false, content],
      ] as const) {
        if (!Array.isArray(list)) continue;
        for (const [index, one] of (list as unknown[]).entries()) {
          if (isObject(one)) this.thought(`${isSummary} ${index}`, isSummary, one['text']);
        }
      }
    }
    const signature = textOf(item['encrypted_content']);
    if (signature !== undefined) this.#emit({ kind: 'signature', signature });
  }

  #opening(): Part {
    const item = this.#item;
    if (this.#kind === 'other') return { type: 'opaque', dialect: RESPONSES, value: item };
    const part: Part =
      this.#kind === 'reasoning'
        ? { type: 'reasoning', text: '', origin: RESPONSES }
        : {
            type: 'tool-call',
            id: textOf(item['call_id']) ?? textOf(item['id']) ?? '',
            name: textOf(item['name']) ?? '',
            arguments: '',
          };
    return withItem(part, this.#notes());
  }

  /** How the item was spelled when it began. */
  #notes(): JsonObject {
    const { type, call_id: id, name } = this.#item;
    const canonical =
      this.#kind === 'message'
        ? { type, role: 'assistant' }
        : this.#kind === 'reasoning'
          ? { type }
          : { type, call_id: id, name };
    return {
      ...unknownFields(this.#item, KNOWN),
      [ITEM]: { spelled: spellingOf(this.#item, canonical, GROWING) ?? {} },
    };
  }

  #begin(part: Part): void {
    this.#begun = true;
    this.#text = '';
    this.#part = this.#sink.begin(part);
  }

  #add(delta: Extract<Delta, { text: string }>, logprobs?: readonly unknown[]): void {
    if (delta.text === '') return;
    this.#text += delta.text;
    this.#emit(delta, undefined, logprobs);
  }

  #emit(delta: Delta, rest?: Rest, logprobs?: readonly unknown[]): void {
    if (this.#part === undefined) return;
    this.#sink.emit({
      type: 'part-delta',
      candidate: 0,
      index: this.#part,
      delta,
      ...(logprobs === undefined || logprobs.length === 0 ? {} : { logprobs: { content: logprobs } }),
      ...(rest === undefined ? {} : { rest }),
    });
  }

  #end(): void {
    if (this.#part !== undefined) this.#sink.emit({ type: 'part-end', candidate: 0, index: this.#part });
    this.#part = undefined;
  }
}

const CONTENT_KEYS: ReadonlySet<string> = new Set(['content', 'arguments', 'summary', 'encrypted_content']);

function withItem(part: Part, notes: JsonObject): Part {
  const rest = restOf({ ...part.rest?.fields, ...notes });
  return rest === undefined ? part : { ...part, rest };
}

/** A part as it begins, and the text that it has already. */
function emptied(part: Part): [Part, string] {
  if (part.type === 'text' || part.type === 'refusal') return [{ ...part, text: '' }, part.text];
  return [part, ''];
}
