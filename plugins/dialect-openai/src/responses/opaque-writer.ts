/** Writes an item of a streamed answer that only this dialect has, with its own events. */
import type { JsonObject, OpaquePart, PartDeltaEvent } from '@gatewright/core';
import { isObject } from '../json-value.ts';
import { ownFields } from './rest.ts';
import type { Place } from './item-writer.ts';
import type { Frames } from './stream-frames.ts';
import { EVENT } from './stream-notes.ts';

export class OpaqueWriter {
  readonly #frames: Frames;
  readonly #index: number;
  item: JsonObject;

  constructor({ frames, index }: Place, part: OpaquePart) {
    this.#frames = frames;
    this.#index = index;
    this.item = { ...part.value };
  }

  begin(): string {
    return this.#frames.frame('response.output_item.added', { output_index: this.#index, item: this.item });
  }

  add({ delta, rest }: PartDeltaEvent): string {
    if (delta.kind !== 'opaque') return '';
    this.item = { ...this.item, ...delta.value };
    const event = ownFields(rest)[EVENT];
    return isObject(event) ? this.#frames.again({ ...event, output_index: this.#index }) : '';
  }

  close(): string {
    return this.#frames.frame('response.output_item.done', { output_index: this.#index, item: this.item });
  }
}
