/**
 * The form that the chunks of a stream share.
 *
 * Most chunks of a stream differ in one string only: the piece of text, reasoning or arguments that they bring (and in
 * OpenAI's `obfuscation`). Once one of them has been parsed, the others are known by what stands around that string, and
 * nothing in them needs to be read.
 */
import type { JsonObject } from '@gatewright/core';
import { flatText, stringEnd, type Frame } from '@gatewright/core/wire';
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
  /** Where there is obfuscation behind the suffix: what stands behind that. */
  readonly #ending: string | undefined;
  /** What the client gets around the two strings instead; undefined where the chunk stays as it is. */
  readonly #instead: readonly string[] | undefined;

  /** Chunks are matched with the frames around them, and need not be seen; those that change are matched on their own. */
  readonly passes: boolean;

  private constructor(
    [prefix, suffix, ending]: Pieces,
    around: Frame['around'],
    instead: readonly string[] | undefined,
  ) {
    this.passes = around !== undefined && instead === undefined;
    const [before, behind] = (this.passes && around) || ['', ''];
    this.#prefix = flatText(before + prefix);
    this.#suffix = flatText(ending === undefined ? suffix + behind : suffix);
    this.#ending = ending === undefined ? undefined : flatText(ending + behind);
    this.#instead = instead;
  }

  /** Learns the form of a parsed chunk with one choice and one piece of content; undefined where it has no such form. */
  static of(
    { ascii, around }: Pick<Frame, 'ascii' | 'around'>,
    choice: JsonObject,
    surgery: ChunkSurgery,
  ): ChunkTemplate | undefined {
    const key = keyOf(choice['delta']);
    if (key === undefined) return undefined;
    const found = stringOf(key).exec(ascii);
    if (found === null) return undefined;
    const start = found.index + found[0].length;
    const prefix = ascii.slice(0, start);
    const rest = ascii.slice(skipString(ascii, start - 1) - 1);
    if (!ASCII.test(prefix) || !ASCII.test(rest)) return undefined;
    // Where no other member has this name, nothing else can be meant: that is most of the time, and spares parsing once more.
    const isOnly = ascii.indexOf(`"${key}"`, start) < 0 && ascii.indexOf(`"${key}"`) === found.index;
    if (!isOnly && !holds(prefix, rest, key)) return undefined;
    const obfuscation = OBFUSCATION.exec(rest);
    const suffix = obfuscation === null ? rest : rest.slice(0, obfuscation.index + (obfuscation[1] as string).length);
    const instead = formFor(surgery, prefix, suffix, obfuscation !== null);
    if (instead === null) return undefined;
    return new ChunkTemplate([prefix, suffix, obfuscation === null ? undefined : '"}'], around, instead);
  }

  /** Where a chunk of this form ends that begins here, with its frame where it {@link passes}; -1 where it has another. */
  match(ascii: string, at: number): number {
    const prefix = this.#prefix;
    const from = at + prefix.length;
    // Comparing slices takes a third of the time of startsWith.
    if (ascii.slice(at, from) !== prefix) return -1;
    const end = stringEnd(ascii, from);
    const suffix = this.#suffix;
    const behind = end + suffix.length;
    if (end < 0 || ascii.slice(end, behind) !== suffix) return -1;
    const ending = this.#ending;
    if (ending === undefined) return behind;
    const close = stringEnd(ascii, behind);
    const last = close + ending.length;
    return close >= 0 && ascii.slice(close, last) === ending ? last : -1;
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

/** What stands before, between and behind the strings that differ. */
type Pieces = readonly [prefix: string, suffix: string, ending: string | undefined];

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

/** How a member with a string begins, by its name: there are few. */
const STRINGS = new Map<string, RegExp>();

function stringOf(key: string): RegExp {
  let form = STRINGS.get(key);
  if (form === undefined) STRINGS.set(key, (form = new RegExp(`"${key}":\\s*"`)));
  return form;
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
