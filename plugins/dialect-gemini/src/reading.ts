/** A place in a body that is being read, which checks what stands there. */
import { GatewayError, type JsonObject } from '@gatewright/core';

/** Whether a value is a JSON object: no list, not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a field says nothing: absent, or null. */
export function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** A field's name as it is written here: the API takes `snake_case` as well. */
export function camel(key: string): string {
  return key.indexOf('_', 1) < 0
    ? key
    : key.replace(/(?<=.)_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A place in a body. Its path is only built when something is wrong there: `contents[2].parts[0].text`. */
export class Reading {
  readonly #kind: 'request' | 'reply';
  readonly #parent: Reading | undefined;
  readonly #key: string | number;

  private constructor(kind: 'request' | 'reply', parent: Reading | undefined, key: string | number) {
    this.#kind = kind;
    this.#parent = parent;
    this.#key = key;
  }

  /** The top of a client's request: what is wrong in it is `GW_BAD_REQUEST`. */
  static request(): Reading {
    return new Reading('request', undefined, '');
  }

  /** The top of a provider's reply: what is wrong in it is `GW_UPSTREAM_INVALID`. */
  static reply(): Reading {
    return new Reading('reply', undefined, '');
  }

  at(key: string | number): Reading {
    return new Reading(this.#kind, this, key);
  }

  get path(): string {
    const parent = this.#parent?.path ?? '';
    if (typeof this.#key === 'number') return `${parent}[${this.#key}]`;
    return parent === '' ? this.#key : `${parent}.${this.#key}`;
  }

  /** The error to throw where the value at this place is wrong. */
  fail(problem: string): GatewayError {
    const path = this.path === '' ? 'the body' : this.path;
    if (this.#kind === 'request')
      return new GatewayError('GW_BAD_REQUEST', `${path}: ${problem}`, { param: this.path });
    return new GatewayError('GW_UPSTREAM_INVALID', `The provider's answer is not the dialect's: ${path}: ${problem}`);
  }

  string(value: unknown): string {
    if (typeof value !== 'string') throw this.#mismatch(value, 'a string');
    return value;
  }

  object(value: unknown): JsonObject {
    if (!isObject(value)) throw this.#mismatch(value, 'an object');
    return value;
  }

  /** An object with its fields in camel case, and without those that are null: null says nothing here. */
  fields(value: unknown): JsonObject {
    const object = this.object(value);
    for (const key in object) {
      if (object[key] === null || key.indexOf('_', 1) > 0) return respelled(object);
    }
    return object;
  }

  /** A list; the API takes a single object for a list of one. */
  list(value: unknown): readonly unknown[] {
    if (isObject(value)) return [value];
    if (!Array.isArray(value)) throw this.#mismatch(value, 'a list');
    return value as unknown[];
  }

  number(value: unknown): number {
    if (typeof value !== 'number') throw this.#mismatch(value, 'a number');
    return value;
  }

  /** A whole number of at least `least`; the API takes it as text as well. */
  integer(value: unknown, least = 0): number {
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
    if (!Number.isSafeInteger(number) || (number as number) < least) {
      throw this.#mismatch(value, `a whole number of at least ${least}`);
    }
    return number as number;
  }

  boolean(value: unknown): boolean {
    if (typeof value !== 'boolean') throw this.#mismatch(value, 'true or false');
    return value;
  }

  #mismatch(value: unknown, wanted: string): GatewayError {
    return this.fail(value === undefined ? `is missing; it must be ${wanted}` : `must be ${wanted}`);
  }
}

function respelled(object: JsonObject): JsonObject {
  const fields: [string, unknown][] = [];
  for (const key of Object.keys(object)) if (object[key] !== null) fields.push([camel(key), object[key]]);
  return Object.fromEntries(fields);
}
