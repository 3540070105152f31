/** What the tests of this dialect stand on: contexts, streams as bytes, and streams as events. */
import type { ChatEvent, EncodeContext, JsonObject, StreamCodec, StreamEncodeContext } from '@gatewright/core';
import { SseSplitter, type Frame } from '@gatewright/core/wire';
import { generateCodec } from './codec.ts';

export interface NotingContext extends StreamEncodeContext {
  /** What was said to be inexpressible, or left out. */
  readonly notes: string[];
}

/** A context that notes what is said and lets the codec leave it out. */
export function dropping(model = ''): NotingContext {
  const notes: string[] = [];
  const say = (field: string): void => void notes.push(field);
  return { model, usage: true, requestId: 'req-1', notes, unsupported: say, warn: say };
}

/** A context in which nothing may be left out. */
export function strict(model = ''): StreamEncodeContext {
  const refuse = (kind: string) => (field: string, reason: string) => {
    throw new Error(`${kind} ${field}: ${reason}`);
  };
  return { model, usage: true, requestId: 'req-1', unsupported: refuse('unsupported'), warn: refuse('warned of') };
}

export const stream = generateCodec.stream as StreamCodec<'chat'>;

/** Shows each frame of a stream of events. */
export function eachFrame(bytes: Buffer, look: (frame: Frame) => void, of: StreamCodec<'chat'> = stream): void {
  const splitter = of.splitter?.(look) ?? new SseSplitter(look);
  splitter.push(bytes);
  splitter.end();
}

/** The events of a whole stream. */
export function decodeStream(bytes: Buffer | string, of: StreamCodec<'chat'> = stream): ChatEvent[] {
  const decoder = of.decoder();
  const events: ChatEvent[] = [];
  eachFrame(Buffer.from(bytes), (frame) => void events.push(...decoder.push(frame)), of);
  events.push(...decoder.end());
  return events;
}

/** The text of a stream, its end included. */
export function encodeStream(
  events: readonly ChatEvent[],
  context: StreamEncodeContext = dropping(),
  of: StreamCodec<'chat'> = stream,
): string {
  const encoder = of.encoder(context);
  return [...events, { type: 'end' } as const].map((event) => encoder.push(event).toString()).join('');
}

/** The chunks of a stream of events. */
export function chunksOf(text: string): JsonObject[] {
  return text
    .split('\r\n\r\n')
    .filter((frame) => frame !== '')
    .map((frame) => JSON.parse(frame.replace(/^data: /, '')) as JsonObject);
}

/** Chunks as a stream of events. */
export function sse(chunks: readonly unknown[]): string {
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join('');
}

/** A request, read and written again without another dialect between. */
export function again(body: JsonObject, context: EncodeContext = strict('m')): JsonObject {
  return generateCodec.encodeRequest(generateCodec.decodeRequest(body, { headers: {}, model: 'm' }), context);
}
