/**
 * Makes a value that a JSON Schema allows
 * (https://json-schema.org/draft/2020-12/json-schema-validation).
 * Not considered: `not`, `if`, `contains`, `patternProperties`, `dependentRequired`, references to other documents.
 */
import type { JsonObject } from '@gatewright/core';
import { textOfFormat } from './formats.ts';
import { numbersFor, textsFor } from './hints.ts';
import { isObject, listOf, numberOf, objectOf, stringOf } from './json.ts';
import { textMatching } from './pattern.ts';

/** Below this depth only what is required is made, so that recursive schemas come to an end. */
const OPTIONAL_DEPTH = 4;
const MAX_DEPTH = 24;
/** How many values are made at most; all others are null. */
const MAX_VALUES = 10_000;
/** The longest texts and lists that are made, whatever the schema demands. */
const MAX_LENGTH = 10_000;

/** A value for the schema; texts and numbers are taken from the question where they fit. */
export function instanceOf(schema: unknown, question: string): unknown {
  return new Maker(schema, question).value(schema, '', 0, 0);
}

class Maker {
  readonly #root: unknown;
  readonly #question: string;
  #made = 0;

  constructor(root: unknown, question: string) {
    this.#root = root;
    this.#question = question;
  }

  /** `nth`: which of several different values is wanted, in a list without duplicates. */
  value(schema: unknown, name: string, depth: number, nth: number): unknown {
    if (depth > MAX_DEPTH || this.#made++ > MAX_VALUES) return null;
    const plain = this.#plain(schema, depth);
    if ('const' in plain) return plain['const'];
    const choices = listOf(plain['enum']);
    if (choices.length > 0) return this.#choose(choices, nth);
    switch (typeOf(plain, depth)) {
      case 'object':
        return this.#object(plain, depth, nth);
      case 'array':
        return this.#array(plain, name, depth);
      case 'number':
        return this.#number(plain, name, nth, false);
      case 'integer':
        return this.#number(plain, name, nth, true);
      case 'boolean':
        return nth % 2 === 0;
      case 'null':
        return null;
      default:
        return this.#string(plain, name, nth);
    }
  }

  /** The schema without references and combinations: the branch that will be taken is merged in. */
  #plain(schema: unknown, depth: number, hops = 0): JsonObject {
    if (!isObject(schema) || hops > MAX_DEPTH) return {};
    const { $ref, allOf, anyOf, oneOf, ...own } = schema;
    let plain: JsonObject = own;
    if (typeof $ref === 'string') plain = merged(this.#plain(this.#resolve($ref), depth, hops + 1), plain);
    for (const part of listOf(allOf)) plain = merged(plain, this.#plain(part, depth, hops + 1));
    for (const branches of [listOf(anyOf), listOf(oneOf)]) {
      if (branches.length === 0) continue;
      plain = merged(plain, this.#plain(branchOf(branches, depth), depth, hops + 1));
    }
    return plain;
  }

  #resolve(reference: string): unknown {
    if (!reference.startsWith('#')) return {};
    const steps = decodeURIComponent(reference.slice(1)).split('/').slice(1);
    return steps.reduce<unknown>((at, step) => {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      return Array.isArray(at) ? at[Number(key)] : objectOf(at)[key];
    }, this.#root);
  }

  /** The choice that the user has named; else by its place. */
  #choose(choices: readonly unknown[], nth: number): unknown {
    const question = this.#question.toLowerCase();
    const named = choices.find((choice) => typeof choice === 'string' && question.includes(choice.toLowerCase()));
    return nth === 0 && named !== undefined ? named : choices[nth % choices.length];
  }

  #object(schema: JsonObject, depth: number, nth: number): JsonObject {
    const properties = objectOf(schema['properties']);
    const required = new Set(listOf(schema['required']).map(stringOf));
    const wanted = Object.keys(properties).filter((name) => required.has(name) || depth < OPTIONAL_DEPTH);
    const made: JsonObject = {};
    for (const name of wanted) made[name] = this.value(properties[name], name, depth + 1, nth);
    for (const name of required) {
      if (!(name in made)) made[name] = this.value(schema['additionalProperties'], name, depth + 1, nth);
    }
    return made;
  }

  #array(schema: JsonObject, name: string, depth: number): unknown[] {
    const prefix = listOf(schema['prefixItems']);
    const least = numberOf(schema['minItems']) ?? 0;
    const most = numberOf(schema['maxItems']) ?? Infinity;
    const usual = depth < OPTIONAL_DEPTH && schema['items'] !== false ? Math.max(1, prefix.length) : 0;
    const length = Math.min(Math.max(least, usual), most, MAX_LENGTH);
    return Array.from({ length }, (_, index) =>
      this.value(prefix[index] ?? schema['items'], singular(name), depth + 1, index),
    );
  }

  #number(schema: JsonObject, name: string, nth: number, whole: boolean): number {
    const step = numberOf(schema['multipleOf']) ?? (whole ? 1 : 0);
    const least = numberOf(schema['minimum']) ?? -Infinity;
    const above = numberOf(schema['exclusiveMinimum']) ?? -Infinity;
    const most = numberOf(schema['maximum']) ?? Infinity;
    const below = numberOf(schema['exclusiveMaximum']) ?? Infinity;
    const low = Math.max(least, above);
    const high = Math.min(most, below);
    const fits = (value: number): boolean =>
      value >= least &&
      value > above &&
      value <= most &&
      value < below &&
      (!whole || Number.isInteger(value)) &&
      (step === 0 || Number.isInteger(value / step));
    const from = Number.isFinite(low) ? low : Math.min(0, high);
    const unit = step === 0 ? 1 : step;
    const steps = Array.from({ length: 1000 }, (_, index) => (Math.floor(from / unit) + index) * unit);
    const between = Number.isFinite(low) && Number.isFinite(high) ? [(low + high) / 2] : [];
    const hinted = numbersFor(name, this.#question);
    const fitting = [...new Set([...hinted, ...steps, high, ...between])].filter(fits);
    return fitting[nth % Math.max(1, fitting.length)] ?? 0;
  }

  #string(schema: JsonObject, name: string, nth: number): string {
    const least = Math.min(numberOf(schema['minLength']) ?? 0, MAX_LENGTH);
    const most = numberOf(schema['maxLength']) ?? Infinity;
    const sample = textOfFormat(stringOf(schema['format']), nth);
    if (sample !== undefined) return sample;
    const suffix = nth === 0 ? '' : ` ${nth + 1}`;
    const hinted = textsFor(name, this.#question).map((text) => fitted(text + suffix, least, most));
    const { pattern } = schema;
    if (typeof pattern !== 'string') return hinted[0] as string;
    const made = Array.from({ length: 64 }, (_, extra) => textMatching(pattern, extra)).filter(
      (text) => text !== undefined,
    );
    const candidates = [...hinted.filter((text) => matchesSafely(pattern, text)), ...made];
    return candidates.filter((text) => text.length >= least && text.length <= most)[nth] ?? candidates[0] ?? '';
  }
}

function typeOf(schema: JsonObject, depth: number): string {
  const { type } = schema;
  if (typeof type === 'string') return type;
  const types = listOf(type).map(stringOf);
  if (depth >= OPTIONAL_DEPTH && types.includes('null')) return 'null';
  const other = types.find((one) => one !== 'null') ?? types[0];
  if (other !== undefined) return other;
  if ('properties' in schema || 'required' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema) return 'array';
  const isNumber = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'].some(
    (key) => key in schema,
  );
  return isNumber ? 'number' : 'string';
}

/** The first branch that is not null; null itself where the value is deep already. */
function branchOf(branches: readonly unknown[], depth: number): unknown {
  const nothing = branches.find((branch) => objectOf(branch)['type'] === 'null');
  if (depth >= OPTIONAL_DEPTH && nothing !== undefined) return nothing;
  const plain = depth >= OPTIONAL_DEPTH ? branches.find((branch) => !('$ref' in objectOf(branch))) : undefined;
  return plain ?? branches.find((branch) => branch !== nothing) ?? nothing;
}

/** Two schemas as one. */
function merged(first: JsonObject, second: JsonObject): JsonObject {
  const both = { ...first, ...second };
  if ('properties' in first && 'properties' in second)
    both['properties'] = { ...objectOf(first['properties']), ...objectOf(second['properties']) };
  if ('required' in first && 'required' in second)
    both['required'] = [...listOf(first['required']), ...listOf(second['required'])];
  return both;
}

function fitted(text: string, least: number, most: number): string {
  const long = text.length >= least ? text : text.padEnd(least, ' and so on');
  return long.length <= most ? long : long.slice(0, most);
}

function matchesSafely(pattern: string, text: string): boolean {
  try {
    return text.length < 200 && new RegExp(pattern, 'u').test(text);
  } catch {
    return false;
  }
}

function singular(name: string): string {
  return name.endsWith('s') ? name.slice(0, -1) : name;
}
