/** How the chunks of a stream become bytes: as server-sent events, or as the elements of a JSON array. */
import type { JsonObject } from '@gatewright/core';

export interface Framing {
  /** The bytes of one chunk. */
  chunk(chunk: JsonObject): string;
  /** The bytes behind the last chunk. */
  end(): string;
}

/** Makes the framing of one stream. */
export type NewFraming = () => Framing;

/** A server-sent event; the API ends its lines with CRLF. */
export function sseFrame(chunk: JsonObject): string {
  return `data: ${JSON.stringify(chunk)}\r\n\r\n`;
}

export const sseFraming: NewFraming = () => ({ chunk: sseFrame, end: () => '' });

/** What stands between the elements of an array. */
export const SEPARATOR = ',\r\n';

/** An array that is open from the first chunk on, and closed at the end. */
export const arrayFraming: NewFraming = () => {
  let before = '[';
  return {
    chunk(chunk) {
      const text = before + JSON.stringify(chunk);
      before = SEPARATOR;
      return text;
    },
    end: () => (before === '[' ? '[]' : ']'),
  };
};
