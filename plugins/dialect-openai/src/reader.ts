/** Reads the members of a wire object, checks their types, and knows which ones it was not asked for. */
import type { JsonObject } from '@gatewright/core';
import { wrongType, type Fault } from './fault.ts';
import { isObject } from './json-value.ts';
import { unknownFields } from './rest.ts';

/** A null counts as absent, as it does in the API. All methods that name a type throw where the value has another. */
export class Reader {
  readonly value: JsonObject;
  readonly path: string;
  readonly fault: Fault;
  /** The members that were taken: few enough that a list is faster than a set. */
  readonly #known: string[] = [];

  /** `path` is where the object stands: '' for the body, `messages[2]`. */
  constructor(value: JsonObject, path: string, fault: Fault) {
    this.value = value;
    this.path = path;
    this.fault = fault;
  }

  /** The path of a member. */
  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  /** A member as it is, or undefined for null. */
  take(key: string): unknown {
    this.#known.push(key);
    return this.value[key] ?? undefined;
  }

  string(key: string): string | undefined {
    const value = this.take(key);
    if (value === undefined || typeof value === 'string') return value;
    throw wrongType(this.fault, this.at(key), 'a string', value);
  }

  requiredString(key: string): string {
    const value = this.string(key);
    if (value === undefined) throw wrongType(this.fault, this.at(key), 'a string', this.value[key]);
    return value;
  }

  number(key: string): number | undefined {
    const value = this.take(key);
    if (value === undefined || typeof value === 'number') return value;
    throw wrongType(this.fault, this.at(key), 'a number', value);
  }

  /** A whole number that is at least `minimum`. */
  integer(key: string, minimum: number): number | undefined {
    const value = this.number(key);
    if (value === undefined || (Number.isInteger(value) && value >= minimum)) return value;
    throw this.fault(this.at(key), `must be a whole number of at least ${minimum}, not ${value}`);
  }

  boolean(key: string): boolean | undefined {
    const value = this.take(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw wrongType(this.fault, this.at(key), 'true or false', value);
  }

  object(key: string): JsonObject | undefined {
    const value = this.take(key);
    if (value === undefined || isObject(value)) return value;
    throw wrongType(this.fault, this.at(key), 'an object', value);
  }

  requiredObject(key: string): JsonObject {
    const value = this.object(key);
    if (value === undefined) throw wrongType(this.fault, this.at(key), 'an object', this.value[key]);
    return value;
  }

  array(key: string): readonly unknown[] | undefined {
    const value = this.take(key);
    if (value === undefined || Array.isArray(value)) return value;
    throw wrongType(this.fault, this.at(key), 'an array', value);
  }

  /** The members that nothing was taken of, without nulls. */
  unknown(): JsonObject {
    return unknownFields(this.value, this.#known);
  }
}
