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

/** A place in a body. Its path is only built when something is wrong there: `messages[2].content`. */
export class Place {
  readonly #kind: 'request' | 'reply';
  readonly #parent: Place | undefined;
  readonly #key: string | number;

  /** What is wrong in a client's request is `GW_BAD_REQUEST`; in a provider's reply, `GW_UPSTREAM_INVALID`. */
  constructor(kind: 'request' | 'reply', parent?: Place, key: string | number = '') {
    this.#kind = kind;
    this.#parent = parent;
    this.#key = key;
  }

  at(key: string | number): Place {
    return new Place(this.#kind, this, key);
  }

  get path(): string {
    const parent = this.#parent?.path ?? '';
    if (typeof this.#key === 'number') return `${parent}[${this.#key}]`;
    return parent === '' ? this.#key : `${parent}.${this.#key}`;
  }

  /** The error to throw where the value at this place is wrong. */
  fail(problem: string): GatewayError {
    const where = `${this.path === '' ? 'the body' : this.path}: ${problem}`;
    if (this.#kind === 'request') return new GatewayError('GW_BAD_REQUEST', where, { param: this.path });
    return new GatewayError('GW_UPSTREAM_INVALID', `The provider's answer is not the dialect's: ${where}`);
  }

  string(value: unknown): string {
    if (typeof value !== 'string') throw this.fail('must be a string');
    return value;
  }

  number(value: unknown): number {
    if (typeof value !== 'number') throw this.fail('must be a number');
    return value;
  }

  object(value: unknown): JsonObject {
    if (!isObject(value)) throw this.fail('must be an object');
    return value;
  }

  list(value: unknown): readonly unknown[] {
    if (!Array.isArray(value)) throw this.fail('must be a list');
    return value as unknown[];
  }
}
