/** Changes the top level of a chunk in its text: takes the usage out, gives the model another name. */
import { Sight, type ObserverOptions } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export class ChunkSurgery {
  readonly #dropUsage: boolean;
  readonly #model: string | undefined;

  constructor({ dropUsage, model }: ObserverOptions) {
    this.#dropUsage = dropUsage;
    this.#model = model === undefined ? undefined : JSON.stringify(model);
  }

  /** Whether there is anything to do at all. */
  get needed(): boolean {
    return this.#dropUsage || this.#model !== undefined;
  }

  /** The text of a chunk as the client should have it; the same text where nothing changes. The JSON must be valid. */
  apply(text: string): string {
    let changed = false;
    const kept: string[] = [];
    for (const { key, start, value, end } of topMembers(text)) {
      if (key === '"usage"' && this.#dropUsage) changed = true;
      else if (key === '"model"' && this.#renames(text.slice(value, end))) {
        changed = true;
        kept.push(`${text.slice(start, value)}${this.#model}`);
      } else kept.push(text.slice(start, end));
    }
    return changed ? `{${kept.join(',')}}` : text;
  }

  /** Makes a chunk what the client asked for, where it is not. Answers `Sight.REPLACE` or `Sight.NOTHING`. */
  operate(frame: Frame): number {
    if (!this.needed) return Sight.NOTHING;
    const text = frame.text();
    const changed = this.apply(text);
    if (changed === text) return Sight.NOTHING;
    frame.replacement = changed;
    return Sight.REPLACE;
  }

  /** Whether a model's name, as JSON, is not the one to report. A chunk without a name (Azure's first) is given none. */
  #renames(name: string): boolean {
    return this.#model !== undefined && name !== this.#model && name !== '""';
  }
}

interface TopMember {
  /** With its quotes, as it is written. */
  readonly key: string;
  /** Where the key starts, where the value does, and where it ends. */
  readonly start: number;
  readonly value: number;
  readonly end: number;
}

/** The members of the object that a text of valid JSON is. */
function topMembers(text: string): TopMember[] {
  const members: TopMember[] = [];
  let at = text.indexOf('{') + 1;
  for (;;) {
    at = skipSpace(text, at);
    if (text.charCodeAt(at) !== QUOTE) return members;
    const start = at;
    const keyEnd = skipString(text, start);
    const value = skipSpace(text, text.indexOf(':', keyEnd) + 1);
    const end = skipValue(text, value);
    members.push({ key: text.slice(start, keyEnd), start, value, end });
    // Over the comma; behind the last member stands the closing brace.
    at = skipSpace(text, end) + 1;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 0x20) at++;
  return at;
}

/** The offset behind the string that starts here. */
export function skipString(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let slashes = 0;
    while (at - 1 - slashes > start && text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    at++;
    if (slashes % 2 === 0) return at;
  }
}

const BREAK = /[",{}[\]\s]/g;

/** The offset behind the value that starts here. */
function skipValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  for (;;) {
    BREAK.lastIndex = at;
    const found = BREAK.exec(text)?.index ?? text.length;
    const char = text[found];
    if (char === '"') {
      at = skipString(text, found);
      if (depth === 0) return at;
    } else if (char === '{' || char === '[') {
      depth++;
      at = found + 1;
    } else if (depth === 0) return found;
    else {
      if (char === '}' || char === ']') depth--;
      at = found + 1;
      if (depth === 0) return at;
    }
  }
}
