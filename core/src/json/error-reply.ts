/** Reads a provider's error reply, whatever it is: JSON, a proxy's HTML page, nothing. */
import type { UpstreamError } from '../errors.ts';

/** The most characters of a text that is no error of an API which are worth showing. */
const SHOWN = 200;

/** The error of a reply. `read` knows the dialect's own, and answers undefined where the JSON is none of it. */
export function errorReply(
  status: number,
  body: Buffer,
  read: (value: unknown) => UpstreamError | undefined,
): UpstreamError {
  const text = body.toString('utf8').trim();
  return read(parse(text)) ?? { status, message: messageOf(status, text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageOf(status: number, text: string): string {
  if (text === '') return `The provider answered with status ${status} and said nothing.`;
  const isPage = /^<(?:!doctype|html|\?xml)/i.test(text);
  const told = isPage ? (/<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1] ?? '') : text;
  const line = told.replace(/\s+/g, ' ').trim().slice(0, SHOWN);
  const what = isPage ? 'an HTML page' : 'no error that the dialect knows';
  return `The provider answered with status ${status} and ${what}${line === '' ? '' : `: ${line}`}`;
}
