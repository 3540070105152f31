/** Server-sent events as the API writes them: an `event` line that repeats the type, and one line of JSON. */
import type { JsonObject } from '@gatewright/core';
import { quoted } from '@gatewright/core/wire';

/** One event as text (https://platform.claude.com/docs/en/build-with-claude/streaming). */
export function frame(type: string, data: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A delta that brings no more than a string, which is what most are: the frame is written around it. */
export function textFrame(index: number, type: 'text_delta' | 'thinking_delta', key: string, text: string): string {
  const delta = `{"type":"${type}","${key}":${quoted(text)}}`;
  return `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":${delta}}\n\n`;
}

export const PING = frame('ping', { type: 'ping' });
export const MESSAGE_STOP = frame('message_stop', { type: 'message_stop' });
