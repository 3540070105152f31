/** Reads off a request what it says of its caller: the key, the end user, tags. */
import { GatewayError, type Exchange } from '@gatewright/core';
import type { Options } from './options.ts';

/** The longest name of an end user, in characters. */
const LONGEST_NAME = 256;

/** How many tags a request may bring, and how long each may be. */
const MOST_TAGS = 20;
const LONGEST_TAG = 128;

type Header = string | string[] | undefined;

export class RequestReader {
  readonly #keyHeaders: readonly string[];
  readonly #endUserHeaders: readonly string[];
  readonly #tagHeaders: readonly string[];
  readonly #members: readonly (readonly string[])[];

  constructor({ headers, endUser, tags }: Options) {
    this.#keyHeaders = headers;
    this.#endUserHeaders = endUser.headers;
    this.#tagHeaders = tags.headers;
    this.#members = endUser.body.map((path) => path.split('.'));
  }

  /** Whether end users may be named in bodies at all. */
  get readsBodies(): boolean {
    return this.#members.length > 0;
  }

  credential({ headers, credential }: Exchange): string | undefined {
    const value = first(headers, this.#keyHeaders);
    if (value === undefined) return credential;
    return typeof value === 'string' ? value.replace(/^Bearer +/i, '').trim() : undefined;
  }

  /** The end user that a header names. Throws `GW_BAD_REQUEST`. */
  endUser({ headers }: Exchange): string | undefined {
    const value = first(headers, this.#endUserHeaders);
    return value === undefined ? undefined : checked(value, 'header');
  }

  /** The end user that the body names. Throws `GW_BAD_REQUEST`. */
  endUserInBody({ body }: Exchange): string | undefined {
    if (body === undefined) return undefined;
    for (const [head = '', ...rest] of this.#members) {
      if (!body.has(head)) continue;
      let value = body.value(head);
      for (const name of rest) value = (value as Record<string, unknown> | null | undefined)?.[name];
      // What is no string is the dialect's business.
      if (typeof value === 'string' && value !== '') return checked(value, 'body');
    }
    return undefined;
  }

  /** Undefined where no header brings any. Throws `GW_BAD_REQUEST`. */
  tags({ headers }: Exchange): readonly string[] | undefined {
    const value = first(headers, this.#tagHeaders);
    if (value === undefined) return undefined;
    const tags = [
      ...new Set(
        [value]
          .flat()
          .join(',')
          .split(',')
          .map((tag) => tag.trim()),
      ),
    ].filter((tag) => tag !== '');
    if (tags.length > MOST_TAGS || tags.some((tag) => tag.length > LONGEST_TAG || !isPlain(tag))) {
      throw badHeader(`At most ${MOST_TAGS} tags of ${LONGEST_TAG} characters may come with a request.`);
    }
    return tags.length === 0 ? undefined : tags;
  }
}

function first(headers: Exchange['headers'], names: readonly string[]): Header {
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

const isPlain = (text: string): boolean => !/\p{Cc}/u.test(text);

function checked(value: string | string[], where: string): string {
  const name = typeof value === 'string' ? value.trim() : '';
  if (name !== '' && name.length <= LONGEST_NAME && isPlain(name)) return name;
  throw badHeader(`The end user in the ${where} must be one name of at most ${LONGEST_NAME} characters.`);
}

const badHeader = (message: string): GatewayError => new GatewayError('GW_BAD_REQUEST', message);
