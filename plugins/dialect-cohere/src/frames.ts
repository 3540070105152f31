/** Server-sent events as the API writes them: an `event` line that repeats the type, and one line of JSON. */
import type { JsonObject } from '@gatewright/core';
import { quoted } from '@gatewright/core/wire';

/** One event as text (https://docs.cohere.com/reference/chat-stream). */
export function frame(type: string, data: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A delta of text and nothing else, which is what most events are: the frame is written around it. */
export function textFrame(index: number, text: string): string {
  const delta = `{"message":{"content":{"text":${quoted(text)}}}}`;
  return `event: content-delta\ndata: {"type":"content-delta","index":${index},"delta":${delta}}\n\n`;
}

/** The end of a stream: the terminator that the API's own description names. */
export const DONE = 'data: [DONE]\n\n';
