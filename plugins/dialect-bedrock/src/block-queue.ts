/** Writes the parts of a stream as blocks, one after the other: in this dialect blocks do not overlap. */
import type { JsonObject, Part, PartDeltaEvent } from '@gatewright/core';
import { PartQueue, quoted, type Writing } from '@gatewright/core/wire';
import { encodePart, foreignSignature, foreignThinking } from './block-writer.ts';
import { encodeDelta, openingDeltas } from './deltas.ts';
import { encodeJson, encodeMessage } from './message.ts';
import { CONVERSE } from './names.ts';
import { splitBlock } from './opaque-block.ts';
import { isObject } from './reading.ts';
import { hint } from './rest.ts';

export class BlockQueue extends PartQueue {
  readonly #at: Writing;
  /** The open part. */
  #part: Part | undefined;
  #nextBlock = 0;
  /** What has been written and not been taken. */
  #out: Buffer[] = [];

  constructor(at: Writing) {
    super();
    this.#at = at;
  }

  /** The messages that came of what was told since the last time. */
  take(): Buffer[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  protected begin(index: number, part: Part): boolean {
    const start = this.#startOf(index, part);
    if (start === undefined) return false;
    this.#part = part;
    if (start !== 'implied') this.#say('contentBlockStart', { start });
    for (const delta of openingDeltas(part)) this.#say('contentBlockDelta', { delta });
    if (part.type === 'reasoning' && (part.signature ?? '') !== '') this.#noteSignature(part, index);
    return true;
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

  protected add(event: PartDeltaEvent): void {
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

  protected finish(): void {
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
