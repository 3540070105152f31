/** What holds the requests of one conversation together: a session, a user, or the beginning of the prompt. */
import { headerOf, type Asked } from './asked.ts';
import { hashBytes, hashText, START } from './hash.ts';

export type SessionKind = 'session' | 'cache-key' | 'user' | 'prompt';

type Body = NonNullable<Asked['body']>;

export interface Session {
  readonly by: SessionKind;
  readonly hash: number;
}

export interface SessionOptions {
  /** The first that a request has counts. */
  readonly by: readonly SessionKind[];
  /** The header that names a session. */
  readonly header: string;
  /** How many bytes of a prompt are its beginning; shorter prompts have none. */
  readonly prefix: number;
}

/** The fields of all dialects that a prompt stands in, in the order in which providers read them. */
const PROMPT = ['tools', 'toolConfig', 'system', 'systemInstruction', 'instructions', 'messages', 'contents', 'input'];
/** The fields in which clients name their own user. */
const USER = ['safety_identifier', 'user'];

export class Sessions {
  readonly #options: SessionOptions;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** undefined where nothing holds the request to others. */
  of(asked: Asked): Session | undefined {
    for (const by of this.#options.by) {
      const hash = this.#hash(by, asked);
      if (hash !== undefined) return { by, hash };
    }
    return undefined;
  }

  #hash(by: SessionKind, asked: Asked): number | undefined {
    const { body } = asked;
    if (by === 'prompt') return body === undefined ? undefined : this.#prompt(body);
    const text =
      by === 'session'
        ? headerOf(asked, this.#options.header)
        : by === 'user'
          ? userOf(asked)
          : textAt(body, 'prompt_cache_key');
    // Two callers who name their sessions alike have different ones.
    return text === undefined ? undefined : hashText(text, hashText(asked.identity.key));
  }

  /** A conversation grows at its end: its first bytes stay the same. Shorter ones are of no use to a cache of prompts. */
  #prompt(body: Body): number | undefined {
    let left = this.#options.prefix;
    if (body.bytes.length < left) return undefined;
    let hash = START;
    for (const field of PROMPT) {
      const member = body.member(field);
      if (member === undefined) continue;
      const end = Math.min(member.end, member.start + left);
      hash = hashBytes(body.bytes, member.start, end, hash);
      left -= end - member.start;
      if (left === 0) return hash;
    }
    return undefined;
  }
}

/** The caller's own user: a key that serves one user has nobody to tell apart. */
function userOf(asked: Asked): string | undefined {
  const { body, identity } = asked;
  if (identity.endUser !== undefined) return identity.endUser;
  if (body === undefined) return undefined;
  for (const field of USER) {
    const text = textAt(body, field);
    if (text !== undefined) return text;
  }
  const metadata = body.has('metadata') ? body.value('metadata') : undefined;
  const user = (metadata as { user_id?: unknown } | null | undefined)?.user_id;
  return typeof user === 'string' && user !== '' ? user : undefined;
}

function textAt(body: Body | undefined, field: string): string | undefined {
  const value = body?.has(field) === true ? body.value(field) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
