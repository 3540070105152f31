/** A place in a body that is being read, which checks what stands there. */
import type { JsonObject } from '../dialect.ts';
import { GatewayError } from '../errors.ts';

/** Whether a value is a JSON object: no list, not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a field says nothing: absent, or null. */
export function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/**
 * A place in a body. Its path is only built when something is wrong there, and reads with the names of the wire:
 * `messages.2.content.0.text`.
 */
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
    return parent === '' ? String(this.#key) : `${parent}.${this.#key}`;
  }

  /** The error to throw where the value at this place is wrong. */
  fail(problem: string): GatewayError {
    const { path } = this;
    if (this.#kind === 'request') return new GatewayError('GW_BAD_REQUEST', `${path}: ${problem}`, { param: path });
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

  list(value: unknown): readonly unknown[] {
    if (!Array.isArray(value)) throw this.#mismatch(value, 'a list');
    return value as unknown[];
  }

  number(value: unknown): number {
    if (typeof value !== 'number') throw this.#mismatch(value, 'a number');
    return value;
  }

  /** A whole number that is not negative. */
  count(value: unknown): number {
    if (!Number.isSafeInteger(value) || (value as number) < 0) {
      throw this.#mismatch(value, 'a whole number that is not negative');
    }
    return value as number;
  }

  boolean(value: unknown): boolean {
    if (typeof value !== 'boolean') throw this.#mismatch(value, 'true or false');
    return value;
  }

  #mismatch(value: unknown, wanted: string): GatewayError {
    return this.fail(value === undefined ? `is missing; it must be ${wanted}` : `must be ${wanted}`);
  }
}
