/** A place in a body that is being written, which says what cannot be expressed there. */
import type { EncodeContext, JsonObject, Rest } from '@gatewright/core';
import { isOwn } from './names.ts';
import { restore } from './rest.ts';

interface Page {
  readonly context: EncodeContext;
  /** Who will read it: a provider reads a request, a client an answer. */
  readonly reader: 'provider' | 'client';
  /** What is written was read in this dialect: it goes out as it came, even where it looks odd. */
  readonly own: boolean;
}

/** A place in a body. Paths are those of the neutral form: `messages.2.content.0`. */
export class Writing {
  readonly #page: Page;
  readonly #parent: Writing | undefined;
  readonly #key: string | number;

  private constructor(page: Page, parent: Writing | undefined, key: string | number) {
    this.#page = page;
    this.#parent = parent;
    this.#key = key;
  }

  /** The top of a body. `origin` is the rest of what is written: it tells whether that was read in this dialect. */
  static to(reader: 'provider' | 'client', origin: Rest | undefined, context: EncodeContext): Writing {
    return new Writing({ context, reader, own: isOwn(origin?.dialect) }, undefined, '');
  }

  get own(): boolean {
    return this.#page.own;
  }

  get reader(): 'provider' | 'client' {
    return this.#page.reader;
  }

  /** The model name to write. */
  get model(): string {
    return this.#page.context.model;
  }

  get path(): string {
    const parent = this.#parent?.path ?? '';
    return parent === '' ? String(this.#key) : `${parent}.${this.#key}`;
  }

  at(key: string | number): Writing {
    return new Writing(this.#page, this, key);
  }

  /** What stands here cannot be expressed: throws `GW_UNSUPPORTED`, or the caller leaves it out. */
  unsupported(reason: string): void {
    this.#page.context.unsupported(this.path, reason);
  }

  /** What stands here is always left out, and always said. */
  warn(reason: string): void {
    this.#page.context.warn(this.path, reason);
  }

  /** Completes an object with the fields that only this dialect knows; those of another dialect are unsupported. */
  complete(known: JsonObject, rest: Rest | undefined): JsonObject {
    if (rest === undefined) return known;
    if (isOwn(rest.dialect)) return restore(known, rest.fields);
    this.refuse(rest);
    return known;
  }

  /** Says for each field of another dialect's rest that it cannot be expressed. */
  refuse(rest: Rest | undefined): void {
    if (rest === undefined || isOwn(rest.dialect)) return;
    for (const key of Object.keys(rest.fields)) {
      if (!key.startsWith('$')) this.at(key).unsupported(`Only the dialect ${rest.dialect} has this field.`);
    }
  }
}
