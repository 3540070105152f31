/** The top level of a JSON object, found without parsing what is below it. */
import { GatewayError } from '../errors.ts';
import { LongData, type Span } from './long-data.ts';
import { Scanner } from './scanner.ts';
import { SHORT_TEXT, shortText } from './short-text.ts';

/** How deep a body may nest, unless configured otherwise. */
export const DEFAULT_MAX_DEPTH = 256;

/** Where a member of the top-level object stands. Offsets are bytes; `end` is exclusive. */
export interface Member {
  readonly key: string;
  /** Start of the key's opening quote. */
  readonly keyStart: number;
  readonly start: number;
  readonly end: number;
}

/** A member whose value is parsed once: names are asked for several times. */
interface Found extends Member {
  value?: unknown;
}

const QUOTE = 0x22;

/** Up to this size in bytes, parsing all of a body costs less than finding and parsing some of its members. */
const PARSED_WHOLE = 32 * 1024;

/** The members of a JSON object's top level, by key, with the bytes that they stand in. */
export class Outline {
  readonly bytes: Buffer;
  readonly #maxDepth: number;
  #layout: Layout | undefined;
  #parsed: { [key: string]: unknown } | undefined;
  #longData: LongData | undefined;

  constructor(bytes: Buffer, maxDepth: number, layout: Layout | undefined) {
    this.bytes = bytes;
    this.#maxDepth = maxDepth;
    this.#layout = layout;
  }

  /** Data that is too long to be copied: images, sound and documents in base64. Undefined where there is none. */
  get longData(): LongData | undefined {
    const { long } = this.#found();
    if (long !== undefined) this.#longData ??= LongData.among(this.bytes, long);
    return this.#longData;
  }

  /** Whether it may name images or files that are elsewhere: where it is false, nobody has to decode it to know. */
  get mayRefer(): boolean {
    return this.#found().refers;
  }

  /** In the order they stand. Of a reply they are looked for when they are first asked for. */
  get members(): readonly Member[] {
    return this.#found().members;
  }

  /** The offset behind the object's opening brace: where a new member can be put. */
  get open(): number {
    return this.#found().open;
  }

  member(key: string): Member | undefined {
    for (const member of this.members) if (member.key === key) return member;
    return undefined;
  }

  /** Whether there is a member of this name. */
  has(key: string): boolean {
    return this.#parsed === undefined ? this.member(key) !== undefined : Object.hasOwn(this.#parsed, key);
  }

  /** The value of one member, parsed; undefined where there is none. Throws `GW_INVALID_JSON`. */
  value(key: string): unknown {
    if (this.#parsed !== undefined) return Object.hasOwn(this.#parsed, key) ? this.#parsed[key] : undefined;
    const member: Found | undefined = this.member(key);
    if (member === undefined) return undefined;
    member.value ??= read(this.bytes, member);
    return member.value;
  }

  /** The whole object, parsed once. Throws `GW_INVALID_JSON`. */
  json(): { [key: string]: unknown } {
    this.#parsed ??= parse(this.bytes.toString('utf8', 0, this.bytes.length)) as { [key: string]: unknown };
    return this.#parsed;
  }

  #found(): Layout {
    this.#layout ??= readLayout(this.bytes, this.#maxDepth);
    return this.#layout;
  }
}

interface Layout {
  readonly open: number;
  readonly members: readonly Member[];
  readonly long: readonly Span[] | undefined;
  readonly refers: boolean;
}

/**
 * The outline of a provider's reply. Small ones are parsed whole; of large ones only the members that are asked for.
 * Throws `GW_INVALID_JSON`, or `GW_BAD_REQUEST` where the JSON is no object.
 */
export function replyOutlineOf(bytes: Buffer, maxDepth: number): Outline {
  if (bytes.length > PARSED_WHOLE) return outlineOf(bytes, maxDepth);
  const outline = new Outline(bytes, maxDepth, undefined);
  const value: unknown = outline.json();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notAnObject();
  return outline;
}

function notAnObject(): GatewayError {
  return new GatewayError('GW_BAD_REQUEST', 'The request body must be a JSON object.');
}

/**
 * Reads the outline of a JSON object: checks the structure of all of it, refuses duplicate keys at the top,
 * `__proto__` keys anywhere and nesting over `maxDepth`. What stands inside strings is left to whoever parses them.
 *
 * Throws `GW_INVALID_JSON` with the byte offset, or `GW_BAD_REQUEST` where the JSON is no object.
 */
export function outlineOf(bytes: Buffer, maxDepth = DEFAULT_MAX_DEPTH): Outline {
  return new Outline(bytes, maxDepth, readLayout(bytes, maxDepth));
}

function readLayout(bytes: Buffer, maxDepth: number): Layout {
  const scanner = new Scanner(bytes, maxDepth);
  scanner.skipSpace();
  if (bytes[scanner.at] !== 0x7b) {
    if (scanner.at >= bytes.length) throw scanner.fail('the body is empty');
    scanner.skipValue();
    scanner.expectEnd();
    throw notAnObject();
  }
  const open = scanner.at + 1;
  const members = readMembers(scanner);
  scanner.expectEnd();
  return { open, members, long: scanner.long, refers: scanner.refers };
}

function readMembers(scanner: Scanner): Found[] {
  const members: Found[] = [];
  scanner.at++;
  scanner.skipSpace();
  if (scanner.takeIf(0x7d)) return members;
  for (;;) {
    scanner.skipSpace();
    const keyStart = scanner.at;
    const key = scanner.readKey();
    for (const member of members) {
      if (member.key === key)
        throw new GatewayError('GW_BAD_REQUEST', `The key "${key}" stands twice.`, { param: key });
    }
    scanner.skipSpace();
    scanner.take(0x3a, '":"');
    scanner.skipSpace();
    const start = scanner.at;
    scanner.skipValue();
    members.push({ key, keyStart, start, end: scanner.at, value: undefined });
    scanner.skipSpace();
    if (scanner.takeIf(0x7d)) return members;
    scanner.take(0x2c, '"," or "}"');
  }
}

/** What is short and has no escapes, such as the name of a model, is its own text. */
function read(bytes: Buffer, { start, end }: Member): unknown {
  if (bytes[start] === QUOTE && end - start <= SHORT_TEXT) {
    const text = shortText(bytes, start + 1, end - 1);
    if (!text.includes('\\')) return text;
  }
  return parse(shortText(bytes, start, end));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GatewayError('GW_INVALID_JSON', `The body is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}
