/** How the chunks of a stream become bytes: as server-sent events, or as the elements of a JSON array. */
import type { JsonObject } from '@gatewright/core';

export interface Framing {
  /** The bytes of one chunk, whose JSON is text already. */
  chunk(json: string): string;
  /** The bytes behind the last chunk. */
  end(): string;
}

/** Makes the framing of one stream. */
export type NewFraming = () => Framing;

/** A server-sent event; the API ends its lines with CRLF. */
export function sseFrame(chunk: JsonObject): string {
  return sseText(JSON.stringify(chunk));
}

const sseText = (json: string): string => `data: ${json}\r\n\r\n`;

export const sseFraming: NewFraming = () => ({ chunk: sseText, end: () => '' });

/** What stands between the elements of an array. */
export const SEPARATOR = ',\r\n';

/** An array that is open from the first chunk on, and closed at the end. */
export const arrayFraming: NewFraming = () => {
  let before = '[';
  return {
    chunk(json) {
      const text = before + json;
      before = SEPARATOR;
      return text;
    },
    end: () => (before === '[' ? '[]' : ']'),
  };
};
