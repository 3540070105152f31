/** Writes one item of a streamed answer: what the writers of all types have in common. */
import type { JsonObject, Part, PartDeltaEvent } from '@gatewright/core';
import { isObject } from '../json-value.ts';
import { respellItem } from './item-spelling.ts';
import { addOwnFields, ownFields } from './rest.ts';
import type { Frames } from './stream-frames.ts';
import { DONE } from './stream-notes.ts';

/** Where an item stands. */
export interface Place {
  readonly frames: Frames;
  /** Its place in the output. */
  readonly index: number;
  /** Its id where it came without one. */
  readonly id: string;
}

export abstract class ItemWriter {
  protected readonly frames: Frames;
  protected readonly index: number;
  /** Undefined where the provider gave the item none. */
  protected readonly id: string | undefined;
  readonly #base: JsonObject;
  #done: JsonObject = {};
  /** The item as it is told at its end; set by {@link finish}. */
  item: JsonObject | undefined;

  /** `base`: what the item has from beginning to end, but for its status. `part`: the one that it begins with. */
  constructor(place: Place, base: JsonObject, part: Part) {
    this.frames = place.frames;
    this.index = place.index;
    addOwnFields(base, part.rest);
    this.#base = respellItem(base, part, 'client');
    this.#base['id'] ??= place.id;
    this.id = String(this.#base['id']);
  }

  /** What places an event at this item. */
  protected get position(): JsonObject {
    return { item_id: this.id, output_index: this.index };
  }

  /** The frame that begins the item. `content`: what it has of what grows. */
  protected open(content: JsonObject): string {
    return this.frames.frame('response.output_item.added', {
      output_index: this.index,
      item: { ...this.#base, ...content },
    });
  }

  /** The frame that ends the item. */
  protected finish(content: JsonObject): string {
    // Some servers give an item another id in every event.
    this.item = { ...this.#base, ...this.#done, id: this.id, ...content };
    return this.frames.frame('response.output_item.done', { output_index: this.index, item: this.item });
  }

  /** Takes what a delta says of the item's end. */
  protected note({ rest }: PartDeltaEvent): void {
    if (rest === undefined) return;
    const done = ownFields(rest)[DONE];
    if (isObject(done)) this.#done = done;
  }

  /** The status that the provider told at the end, else `completed`. */
  protected get status(): unknown {
    return this.#done['status'] ?? 'completed';
  }
}
