/** Writes the parts of a stream as contents, calls and plans, one after the other: in this dialect they do not overlap. */
import type { JsonObject, Part, PartDeltaEvent, Rest } from '@gatewright/core';
import { belongsHere, encodeCall, isPlan } from './answer.ts';
import { encodeBlock, warnOfSignature } from './content-writer.ts';
import { frame, textFrame } from './frames.ts';
import { encodeLogprobs } from './logprobs.ts';
import { isOwn } from './names.ts';
import { hint } from './rest.ts';
import { PartQueue, type Writing } from '@gatewright/core/wire';

/** What the open part is written as. */
type Kind = 'content' | 'plan' | 'call';

/** Contents and calls are each counted from 0. */
export class PieceQueue extends PartQueue {
  readonly #at: Writing;
  #kind: Kind = 'content';
  readonly #counts = { content: 0, plan: 0, call: 0, citation: 0 };
  /** What has been written and not been taken. */
  #out = '';

  constructor(at: Writing) {
    super();
    this.#at = at;
  }

  /** The frames that came of what was told since the last time. */
  take(): string {
    const out = this.#out;
    this.#out = '';
    return out;
  }

  protected begin(index: number, part: Part): boolean {
    const opening = this.#openingOf(part, this.#at.at(index));
    this.#out += opening ?? '';
    return opening !== undefined;
  }

  protected add(event: PartDeltaEvent): void {
    this.#out += this.#write(event);
  }

  protected finish(): void {
    if (this.#kind === 'plan') return;
    const type = this.#kind === 'call' ? 'tool-call-end' : 'content-end';
    this.#out += frame(type, { type, index: this.#counts[this.#kind]++ });
  }

  /** The frames that a part begins with; undefined where it cannot be expressed. */
  #openingOf(part: Part, at: Writing): string | undefined {
    if (part.type === 'tool-call') {
      const call = encodeCall({ ...part, arguments: '' }, at);
      const opening = this.#opened('call', 'tool-call-start', { tool_calls: call });
      return part.arguments === '' ? opening : opening + this.#arguments(part.arguments);
    }
    if (isPlan(part)) {
      this.#kind = 'plan';
      return 'text' in part && part.text !== '' ? plan(part.text) : '';
    }
    const block = blockOf(part, at);
    if (block === undefined) return undefined;
    const opening = this.#opened('content', 'content-start', { content: block.empty });
    return block.text === '' ? opening : opening + this.#content({ [block.key]: block.text }, {});
  }

  #opened(kind: Kind, type: string, message: JsonObject): string {
    this.#kind = kind;
    return frame(type, { type, index: this.#counts[kind], delta: { message } });
  }

  #write(event: PartDeltaEvent): string {
    const { delta, rest } = event;
    switch (delta.kind) {
      case 'text':
      case 'refusal':
        if (this.#kind === 'plan') return plan(delta.text);
        if (rest === undefined && event.logprobs === undefined) return textFrame(this.#counts.content, delta.text);
        return this.#content({ text: delta.text, ...restOf(rest) }, { ...eventOf(rest), ...this.#logprobs(event) });
      case 'reasoning':
        return this.#content({ thinking: delta.text, ...restOf(rest) }, eventOf(rest));
      case 'arguments': {
        const came = hint(rest, '$arguments');
        const text = typeof came === 'string' ? came : delta.text;
        return text === '' ? '' : this.#arguments(text);
      }
      case 'citation':
        return this.#citation(delta.dialect, delta.item);
      case 'opaque':
        return isOwn(delta.dialect) ? this.#content(delta.value, {}) : '';
      case 'signature':
        warnOfSignature(this.#at.at(event.index));
        return '';
      case 'audio':
        return '';
    }
  }

  #content(content: JsonObject, beside: JsonObject): string {
    const index = this.#counts.content;
    return frame('content-delta', { type: 'content-delta', index, delta: { message: { content } }, ...beside });
  }

  #arguments(text: string): string {
    const message = { tool_calls: { function: { arguments: text } } };
    return frame('tool-call-delta', { type: 'tool-call-delta', index: this.#counts.call, delta: { message } });
  }

  #citation(dialect: string, item: unknown): string {
    if (!isOwn(dialect)) {
      this.#at.at('citations').unsupported(`They are in the form of the dialect ${dialect}.`);
      return '';
    }
    const index = this.#counts.citation++;
    const start = { type: 'citation-start', index, delta: { message: { citations: item } } };
    return frame('citation-start', start) + frame('citation-end', { type: 'citation-end', index });
  }

  /** A delta has one item, which may be of several tokens. */
  #logprobs({ logprobs, rest }: PartDeltaEvent): JsonObject {
    if (logprobs === undefined) return {};
    const came = hint(rest, '$logprobs');
    if (came !== undefined) return { logprobs: came };
    const items = encodeLogprobs(logprobs, this.#at) ?? [];
    if (items.length === 0) return {};
    const text = items.map((item) => item['text']).join('');
    return { logprobs: { text, token_ids: [], logprobs: items.flatMap((item) => item['logprobs']) } };
  }
}

function plan(text: string): string {
  return frame('tool-plan-delta', { type: 'tool-plan-delta', delta: { message: { tool_plan: text } } });
}

/** Unknown fields of a delta that came in this dialect. */
function restOf(rest: Rest | undefined): JsonObject {
  if (rest === undefined || !isOwn(rest.dialect)) return {};
  return Object.fromEntries(Object.entries(rest.fields).filter(([key]) => !key.startsWith('$')));
}

/** Unknown fields of the event that a delta came in. */
function eventOf(rest: Rest | undefined): JsonObject {
  return (hint(rest, '$event') as JsonObject | undefined) ?? {};
}

interface Opening {
  /** The block without its text. */
  readonly empty: JsonObject;
  readonly key: 'text' | 'thinking';
  /** What the part held already when it began: it is written as a delta, where clients look for it. */
  readonly text: string;
}

/** The block as it begins; undefined where the part cannot be expressed. */
function blockOf(part: Part, at: Writing): Opening | undefined {
  if (part.type === 'text' || part.type === 'refusal') {
    return { empty: at.complete({ type: 'text', text: '' }, part.rest), key: 'text', text: part.text };
  }
  if (part.type === 'reasoning') {
    // Thinking that is not shown has no text, and never will.
    if (part.redacted !== undefined) return void encodeBlock({ ...part, text: '' }, at);
    if (part.signature !== undefined) warnOfSignature(at);
    return { empty: at.complete({ type: 'thinking', thinking: '' }, part.rest), key: 'thinking', text: part.text };
  }
  const block = belongsHere(part, at) ? encodeBlock(part, at) : undefined;
  return block === undefined ? undefined : { empty: block, key: 'text', text: '' };
}
