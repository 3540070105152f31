/** Lets the parts of a stream out as blocks, one after the other: in this dialect blocks do not overlap. */
import type { JsonObject, Part, PartDeltaEvent } from '@gatewright/core';
import { encodePart, foreignSignature } from './block-writer.ts';
import { encodeDelta } from './deltas.ts';
import { frame, textFrame } from './frames.ts';
import { MESSAGES } from './names.ts';
import { isObject } from './reading.ts';
import type { Writing } from './writing.ts';

/** A part that has begun while the block of another is open. */
interface Waiting {
  readonly index: number;
  readonly part: Part;
  readonly deltas: PartDeltaEvent[];
  ended: boolean;
}

/**
 * Parts may be streamed side by side (parallel calls in OpenAI's dialect). The first one becomes the open block; what
 * comes for others waits until it ends.
 */
export class BlockQueue {
  readonly #at: Writing;
  /** Index of the open part; -1 where none is. */
  #open = -1;
  /** The dialect that the open part's thinking, and so its signature, is of. */
  #signer = MESSAGES;
  #nextBlock = 0;
  #waiting: Waiting[] = [];

  constructor(at: Writing) {
    this.#at = at;
  }

  start(index: number, part: Part): string {
    if (this.#open < 0) return this.#begin(index, part);
    this.#waiting.push({ index, part, deltas: [], ended: false });
    return '';
  }

  delta(event: PartDeltaEvent): string {
    if (event.index === this.#open) return this.#write(event);
    this.#waitingFor(event.index)?.deltas.push(event);
    return '';
  }

  end(index: number): string {
    if (index === this.#open) return this.#finish() + this.#advance();
    const waiting = this.#waitingFor(index);
    if (waiting !== undefined) waiting.ended = true;
    return '';
  }

  /** The stream is over: every part ends, whether that was said or not. */
  close(): string {
    for (const waiting of this.#waiting) waiting.ended = true;
    return this.#open < 0 ? '' : this.#finish() + this.#advance();
  }

  #waitingFor(index: number): Waiting | undefined {
    return this.#waiting.find((waiting) => waiting.index === index);
  }

  /** Lets out the parts that waited, up to the first that has not ended. */
  #advance(): string {
    let text = '';
    while (this.#open < 0) {
      const next = this.#waiting.shift();
      if (next === undefined) return text;
      text += this.#begin(next.index, next.part);
      // A part that cannot be expressed opens no block.
      if (this.#open < 0) continue;
      for (const event of next.deltas) text += this.#write(event);
      if (next.ended) text += this.#finish();
    }
    return text;
  }

  #begin(index: number, part: Part): string {
    const block = openingOf(part, this.#at.at(index));
    if (block === undefined) return '';
    this.#open = index;
    this.#signer = part.type === 'reasoning' ? part.origin : '';
    const start = { type: 'content_block_start', index: this.#nextBlock, content_block: block };
    return frame('content_block_start', start) + this.#contentOf(index, part);
  }

  /** What a part holds already when it begins is written as a delta: that is where clients look for it. */
  #contentOf(index: number, part: Part): string {
    const delta = (delta: PartDeltaEvent['delta']): string =>
      this.#write({ type: 'part-delta', candidate: 0, index, delta });
    switch (part.type) {
      case 'text':
      case 'refusal':
        return delta({ kind: 'text', text: part.text });
      case 'tool-call':
        return delta({ kind: 'arguments', text: part.arguments });
      case 'reasoning':
        return (
          delta({ kind: 'reasoning', text: part.text }) +
          (part.signature ? delta({ kind: 'signature', signature: part.signature }) : '')
        );
      case 'opaque': {
        const { input } = part.value;
        return hasInput(part.value) ? delta({ kind: 'arguments', text: JSON.stringify(input) }) : '';
      }
      default:
        return '';
    }
  }

  #write(event: PartDeltaEvent): string {
    const { delta } = event;
    if ((delta.kind === 'text' || delta.kind === 'reasoning') && event.rest === undefined) {
      if (delta.text === '') return '';
      return delta.kind === 'text'
        ? textFrame(this.#nextBlock, 'text_delta', 'text', delta.text)
        : textFrame(this.#nextBlock, 'thinking_delta', 'thinking', delta.text);
    }
    if (delta.kind === 'signature' && this.#signer !== MESSAGES) {
      this.#at.at(event.index).warn(foreignSignature(this.#signer));
      return '';
    }
    if (delta.kind === 'citation' && delta.dialect !== MESSAGES) {
      this.#at.at(event.index).at('citations').unsupported(`They are in the form of the dialect ${delta.dialect}.`);
    }
    const encoded = encodeDelta(event);
    if (encoded === undefined) return '';
    return frame('content_block_delta', { type: 'content_block_delta', index: this.#nextBlock, delta: encoded });
  }

  #finish(): string {
    this.#open = -1;
    return frame('content_block_stop', { type: 'content_block_stop', index: this.#nextBlock++ });
  }
}

/** Tools that run on the server get their input in deltas, like the client's. */
function hasInput(value: JsonObject): boolean {
  const { type, input } = value;
  return typeof type === 'string' && type.endsWith('tool_use') && isObject(input) && Object.keys(input).length > 0;
}

/** The block as it begins, without the content that comes in deltas; undefined where it cannot be expressed. */
function openingOf(part: Part, at: Writing): JsonObject | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return encodePart({ ...part, text: '' }, at, true);
    case 'tool-call':
      return encodePart({ ...part, arguments: '' }, at, true);
    case 'reasoning':
      return encodePart(part.redacted === undefined ? { ...part, text: '', signature: '' } : part, at, true);
    case 'opaque': {
      const block = encodePart(part, at, true);
      return block !== undefined && hasInput(block) ? { ...block, input: {} } : block;
    }
    default:
      return encodePart(part, at, true);
  }
}
