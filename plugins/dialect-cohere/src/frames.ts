/** Server-sent events as the API writes them: an `event` line that repeats the type, and one line of JSON. */
import type { JsonObject } from '@gatewright/core';

/** One event as text (https://docs.cohere.com/reference/chat-stream). */
export function frame(type: string, data: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The end of a stream: the terminator that the API's own description names. */
export const DONE = 'data: [DONE]\n\n';
