/** Writes the parts of a stream as blocks, one after the other: in this dialect blocks do not overlap. */
import type { JsonObject, Part, PartDeltaEvent } from '@gatewright/core';
import { encodePart, foreignSignature } from './block-writer.ts';
import { encodeDelta } from './deltas.ts';
import { frame, textFrame } from './frames.ts';
import { MESSAGES } from './names.ts';
import { isObject } from './reading.ts';
import { PartQueue, type Writing } from '@gatewright/core/wire';

export class BlockQueue extends PartQueue {
  readonly #at: Writing;
  /** The dialect that the open part's thinking, and so its signature, is of. */
  #signer = MESSAGES;
  #nextBlock = 0;
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
    const block = openingOf(part, this.#at.at(index));
    if (block === undefined) return false;
    this.#signer = part.type === 'reasoning' ? part.origin : '';
    const start = { type: 'content_block_start', index: this.#nextBlock, content_block: block };
    this.#out += frame('content_block_start', start) + this.#contentOf(index, part);
    return true;
  }

  protected add(event: PartDeltaEvent): void {
    this.#out += this.#write(event);
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

  protected finish(): void {
    this.#out += frame('content_block_stop', { type: 'content_block_stop', index: this.#nextBlock++ });
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
