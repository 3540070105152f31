/** Lets the parts of a stream out as blocks, one after the other: in this dialect blocks do not overlap. */
import type { JsonObject, Part, PartDeltaEvent } from '@gatewright/core';
import { quoted } from '@gatewright/core/wire';
import { encodePart, foreignSignature, foreignThinking } from './block-writer.ts';
import { encodeDelta, openingDeltas } from './deltas.ts';
import { encodeJson, encodeMessage } from './message.ts';
import { CONVERSE } from './names.ts';
import { splitBlock } from './opaque-block.ts';
import { isObject } from './reading.ts';
import { hint } from './rest.ts';
import type { Writing } from './writing.ts';

/** A part that has begun while the block of another is open. */
interface Waiting {
  readonly index: number;
  readonly part: Part;
  readonly deltas: PartDeltaEvent[];
  ended: boolean;
}

/**
 * Parts may be streamed side by side (parallel calls in other dialects). The first one becomes the open block; what
 * comes for others waits until it ends.
 */
export class BlockQueue {
  readonly #at: Writing;
  /** The open part, and its index; -1 where none is open. */
  #open = -1;
  #part: Part | undefined;
  #nextBlock = 0;
  #waiting: Waiting[] = [];
  /** What has been written and not been taken. */
  #out: Buffer[] = [];

  constructor(at: Writing) {
    this.#at = at;
  }

  /** The messages that came of what was told since the last time. */
  take(): Buffer[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  start(index: number, part: Part): void {
    if (this.#open < 0) this.#begin(index, part);
    else this.#waiting.push({ index, part, deltas: [], ended: false });
  }

  delta(event: PartDeltaEvent): void {
    if (event.index === this.#open) this.#write(event);
    else this.#waitingFor(event.index)?.deltas.push(event);
  }

  end(index: number): void {
    if (index === this.#open) {
      this.#finish();
      this.#advance();
      return;
    }
    const waiting = this.#waitingFor(index);
    if (waiting !== undefined) waiting.ended = true;
  }

  /** The stream is over: every part ends, whether that was said or not. */
  close(): void {
    for (const waiting of this.#waiting) waiting.ended = true;
    if (this.#open < 0) return;
    this.#finish();
    this.#advance();
  }

  #waitingFor(index: number): Waiting | undefined {
    return this.#waiting.find((waiting) => waiting.index === index);
  }

  /** Lets out the parts that waited, up to the first that has not ended. */
  #advance(): void {
    while (this.#open < 0) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#begin(next.index, next.part);
      // A part that cannot be expressed opens no block.
      if (this.#open < 0) continue;
      for (const event of next.deltas) this.#write(event);
      if (next.ended) this.#finish();
    }
  }

  #begin(index: number, part: Part): void {
    const start = this.#startOf(index, part);
    if (start === undefined) return;
    this.#open = index;
    this.#part = part;
    if (start !== 'implied') this.#say('contentBlockStart', { start });
    for (const delta of openingDeltas(part)) this.#say('contentBlockDelta', { delta });
    if (part.type === 'reasoning' && (part.signature ?? '') !== '') this.#noteSignature(part, index);
  }

  /** What a block begins with; text and thinking begin with their first delta. Undefined where there can be no block. */
  #startOf(index: number, part: Part): JsonObject | 'implied' | undefined {
    const place = this.#at.at(index);
    const kept = hint(part.rest, '$start');
    switch (part.type) {
      case 'tool-call': {
        const block = encodePart({ ...part, arguments: '{}' }, place);
        return block === undefined ? undefined : splitBlock(block)?.start;
      }
      case 'opaque': {
        const block = encodePart(part, place);
        const start = block === undefined ? undefined : splitBlock(block)?.start;
        if (block !== undefined && start === undefined)
          place.unsupported('A stream of this dialect has no such block.');
        return start !== undefined && Object.keys(start).length === 0 ? 'implied' : start;
      }
      case 'reasoning':
        if (part.redacted !== undefined && part.origin !== CONVERSE) {
          place.warn(foreignThinking(part.origin));
          return undefined;
        }
        return isObject(kept) ? kept : 'implied';
      case 'text':
      case 'refusal':
        return isObject(kept) ? kept : 'implied';
      default:
        place.unsupported(`A stream of this dialect has no ${part.type}.`);
        return undefined;
    }
  }

  #write(event: PartDeltaEvent): void {
    const { delta } = event;
    if (delta.kind === 'text') {
      this.#sayText(delta.text);
      return;
    }
    const encoded = encodeDelta(event, this.#part as Part);
    if (encoded !== undefined) this.#say('contentBlockDelta', { delta: encoded });
    else if (delta.kind === 'signature') this.#noteSignature(this.#part as Part, event.index);
    else if (delta.kind === 'citation') {
      this.#at.at(event.index).at('citations').unsupported(`They are in the form of the dialect ${delta.dialect}.`);
    }
  }

  /** A signature of another dialect counts for nothing here. */
  #noteSignature(part: Part, index: number): void {
    if (part.type !== 'reasoning' || part.origin === CONVERSE) return;
    this.#at.at(index).warn(foreignSignature(part.origin));
  }

  #finish(): void {
    this.#open = -1;
    this.#say('contentBlockStop', {});
    this.#nextBlock++;
  }

  /** A piece of text, which is what most deltas are: the message is written around it. */
  #sayText(text: string): void {
    const json = `{"contentBlockIndex":${this.#nextBlock},"delta":{"text":${quoted(text)}}}`;
    this.#out.push(encodeJson('contentBlockDelta', json));
  }

  #say(type: string, payload: JsonObject): void {
    this.#out.push(encodeMessage(type, { contentBlockIndex: this.#nextBlock, ...payload }));
  }
}
