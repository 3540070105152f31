/** A place in a body that is being written, which says what cannot be expressed there. */
import type { Rest } from '../chat/part.ts';
import type { EncodeContext, JsonObject } from '../dialect.ts';
import { restore, type Keeper } from '../chat/rest.ts';

/** Who will read a body: a provider reads a request, a client an answer. */
export type Reader = 'provider' | 'client';

interface Page {
  readonly context: EncodeContext;
  readonly keeper: Keeper;
  readonly reader: Reader;
  readonly own: boolean;
  /** Names that were given out. */
  names?: Set<string>;
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

  /** The top of a body. `origin` is the rest of what is written: it tells whether that was read in the keeper's dialect. */
  static to(reader: Reader, origin: Rest | undefined, context: EncodeContext, keeper: Keeper): Writing {
    return new Writing({ context, keeper, reader, own: keeper.owns(origin) }, undefined, '');
  }

  /** What is written was read in this dialect: it goes out as it came, even where it looks odd. */
  get own(): boolean {
    return this.#page.own;
  }

  get reader(): Reader {
    return this.#page.reader;
  }

  /** The model name to write; '' where the provider's own is to stay. */
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

  /** The name, with a number behind it where it was given out already in this body. */
  unique(name: string): string {
    const names = (this.#page.names ??= new Set());
    let free = name;
    for (let number = 2; names.has(free); number++) free = `${name} ${number}`;
    names.add(free);
    return free;
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
    if (this.#page.keeper.owns(rest)) return restore(known, rest.fields);
    this.refuse(rest);
    return known;
  }

  /** Says for each field of another dialect's rest that it cannot be expressed. */
  refuse(rest: Rest | undefined): void {
    if (rest === undefined || this.#page.keeper.owns(rest)) return;
    for (const key in rest.fields) {
      if (!key.startsWith('$')) this.at(key).unsupported(`Only the dialect ${rest.dialect} has this field.`);
    }
  }
}
