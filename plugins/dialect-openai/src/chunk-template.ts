/**
 * The form that the chunks of a stream share.
 *
 * Most chunks of a stream differ in one string only: the piece of text, reasoning or arguments that they bring (and in
 * OpenAI's `obfuscation`). Once one of them has been parsed, the others are known by what stands around that string, and
 * nothing in them needs to be read.
 */
import type { JsonObject } from '@gatewright/core';
import { skipString, type ChunkSurgery } from './chunk-surgery.ts';
import { isObject, textOf } from './json-value.ts';
import { REASONING_KEYS } from './reasoning.ts';

const ASCII = /^[ -~]*$/;
/** Stands for the strings that differ, while the form around them is changed. */
const MARK = '\u0000';
/** Put in the place of the string, to see where it arrives. */
const PROBE = '?';
const OBFUSCATION = /("obfuscation":\s*")[^"\\]*"\}$/;

export class ChunkTemplate {
  readonly #prefix: string;
  readonly #suffix: string;
  /** There is obfuscation behind the suffix: any string, and the end of the object. */
  readonly #obfuscated: boolean;
  /** What the client gets around the two strings instead; undefined where the chunk stays as it is. */
  readonly #instead: readonly string[] | undefined;

  private constructor(prefix: string, suffix: string, obfuscated: boolean, instead: readonly string[] | undefined) {
    this.#prefix = flat(prefix);
    this.#suffix = flat(suffix);
    this.#obfuscated = obfuscated;
    this.#instead = instead;
  }

  /** Learns the form of a parsed chunk with one choice and one piece of content; undefined where it has no such form. */
  static of(ascii: string, choice: JsonObject, surgery: ChunkSurgery): ChunkTemplate | undefined {
    const key = keyOf(choice['delta']);
    if (key === undefined) return undefined;
    const found = new RegExp(`"${key}":\\s*"`).exec(ascii);
    if (found === null) return undefined;
    const start = found.index + found[0].length;
    const prefix = ascii.slice(0, start);
    const rest = ascii.slice(skipString(ascii, start - 1) - 1);
    if (!ASCII.test(prefix) || !ASCII.test(rest) || !holds(prefix, rest, key)) return undefined;
    const obfuscation = OBFUSCATION.exec(rest);
    const suffix = obfuscation === null ? rest : rest.slice(0, obfuscation.index + (obfuscation[1] as string).length);
    const instead = formFor(surgery, prefix, suffix, obfuscation !== null);
    if (instead === null) return undefined;
    return new ChunkTemplate(prefix, suffix, obfuscation !== null, instead);
  }

  /** Where the differing string ends in a chunk of this form; -1 where the chunk has another. */
  match(ascii: string): number {
    const prefix = this.#prefix;
    const from = prefix.length;
    // Comparing slices takes a third of the time of startsWith.
    if (ascii.slice(0, from) !== prefix) return -1;
    const end = skipString(ascii, from - 1) - 1;
    const suffix = this.#suffix;
    const behind = end + suffix.length;
    if (ascii.slice(end, behind) !== suffix) return -1;
    if (!this.#obfuscated) return behind === ascii.length ? end : -1;
    return ascii.indexOf('"', behind) === ascii.length - 2 && ascii.endsWith('}') ? end : -1;
  }

  /** Whether the client gets something else than the chunk itself. */
  get changes(): boolean {
    return this.#instead !== undefined;
  }

  /** What the client gets instead of a chunk of this form. */
  replace(text: string): string {
    const form = this.#instead;
    if (form === undefined) return text;
    const from = this.#prefix.length;
    const end = skipString(text, from - 1) - 1;
    const first = `${form[0]}${text.slice(from, end)}${form[1]}`;
    return form[2] === undefined ? first : `${first}${text.slice(end + this.#suffix.length, -2)}${form[2]}`;
  }
}

/** The same string in a piece of its own: a slice of another is slow to compare, and keeps the whole of it in memory. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** The key of the one string in a delta that brings content; undefined where there is none, or more than one. */
function keyOf(delta: unknown): string | undefined {
  if (!isObject(delta)) return undefined;
  const keys = ['content', ...REASONING_KEYS].filter((key) => textOf(delta[key]) !== undefined);
  const added = addedArguments(delta['tool_calls']);
  if (added !== undefined) keys.push('arguments');
  return keys.length === 1 ? keys[0] : undefined;
}

/** The arguments that a delta adds to a call which has begun. */
function addedArguments(calls: unknown): string | undefined {
  const [call, another] = Array.isArray(calls) ? (calls as unknown[]) : [];
  if (!isObject(call) || another !== undefined || textOf(call['id']) !== undefined) return undefined;
  const { function: called } = call;
  if (!isObject(called) || textOf(called['name']) !== undefined) return undefined;
  return textOf(called['arguments']);
}

/** Whether the string between prefix and rest is the one of this key in the delta, and not one that looks like it. */
function holds(prefix: string, rest: string, key: string): boolean {
  const chunk = JSON.parse(`${prefix}${PROBE}${rest}`) as { choices: { delta: JsonObject }[] };
  const delta = chunk.choices[0]?.delta ?? {};
  return (key === 'arguments' ? addedArguments(delta['tool_calls']) : delta[key]) === PROBE;
}

/** What stands around the strings after surgery; undefined where that is the same, null where it cannot be told. */
function formFor(
  surgery: ChunkSurgery,
  prefix: string,
  suffix: string,
  obfuscated: boolean,
): readonly string[] | undefined | null {
  if (!surgery.needed) return undefined;
  const text = `${prefix}${MARK}${suffix}${obfuscated ? `${MARK}"}` : ''}`;
  const changed = surgery.apply(text);
  if (changed === text) return undefined;
  const pieces = changed.split(MARK);
  return pieces.length === (obfuscated ? 3 : 2) ? pieces : null;
}
