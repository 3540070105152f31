/** Reads the fields of a form, where every value is a text or a file, and knows which ones it was not asked for. */
import { isFormFile, type FormFile, type JsonObject } from '@gatewright/core';
import { badRequest, wrongType } from '../fault.ts';
import { unknownFields } from '../rest.ts';

/** Takes what JSON has as well, numbers and booleans. All methods throw `GW_BAD_REQUEST` where the value is of another kind. */
export class FormReader {
  readonly #fields: JsonObject;
  readonly #known = new Set<string>();

  constructor(fields: JsonObject) {
    this.#fields = fields;
  }

  text(key: string): string | undefined {
    const value = this.#one(key);
    if (value === undefined || typeof value === 'string') return value;
    if (isFormFile(value)) throw badRequest(key, 'must be a text, not a file');
    throw wrongType(badRequest, key, 'a text', value);
  }

  requiredText(key: string): string {
    const value = this.text(key);
    if (value === undefined) throw wrongType(badRequest, key, 'a text', value);
    return value;
  }

  number(key: string): number | undefined {
    const value = this.#one(key);
    if (value === undefined || typeof value === 'number') return value;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
    if (Number.isFinite(number)) return number;
    throw badRequest(key, 'must be a number');
  }

  integer(key: string, minimum: number): number | undefined {
    const value = this.number(key);
    if (value === undefined || (Number.isInteger(value) && value >= minimum)) return value;
    throw badRequest(key, `must be a whole number of at least ${minimum}, not ${value}`);
  }

  boolean(key: string): boolean | undefined {
    const value = this.#one(key);
    if (value === undefined || typeof value === 'boolean') return value;
    const word = typeof value === 'string' ? WORDS.get(value.toLowerCase()) : undefined;
    if (word !== undefined) return word;
    throw badRequest(key, 'must be "true" or "false"');
  }

  /** The texts under a name, with or without brackets behind it. */
  texts(key: string): readonly string[] | undefined {
    const values = this.#all(key);
    if (values === undefined) return undefined;
    if (values.every((value) => typeof value === 'string')) return values;
    throw badRequest(key, 'must be texts');
  }

  requiredFile(key: string): FormFile {
    const value = this.#one(key);
    if (isFormFile(value)) return value;
    throw badRequest(key, value === undefined ? 'is missing: it must be a file' : NO_FILE);
  }

  file(key: string): FormFile | undefined {
    return this.#fields[key] === undefined ? undefined : this.requiredFile(key);
  }

  /** The files under a name, with or without brackets behind it. */
  files(key: string): readonly FormFile[] {
    const values = this.#all(key) ?? [];
    if (values.every((value) => isFormFile(value))) return values;
    throw badRequest(key, NO_FILE);
  }

  /** The fields that nothing was taken of. */
  unknown(): JsonObject {
    return unknownFields(this.#fields, this.#known);
  }

  #one(key: string): unknown {
    this.#known.add(key);
    const value = this.#fields[key] ?? undefined;
    if (Array.isArray(value)) throw badRequest(key, 'is there more than once');
    return value;
  }

  #all(key: string): readonly unknown[] | undefined {
    const found = [key, `${key}[]`].flatMap((name) => {
      this.#known.add(name);
      return this.#fields[name] ?? [];
    });
    return found.length === 0 ? undefined : found;
  }
}

const NO_FILE = 'must be a file: its part needs a "filename"';

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);
