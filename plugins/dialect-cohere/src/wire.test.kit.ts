/** What the tests of this dialect read and write with: contexts, and frames through codec and observer. */
import type {
  ChatEvent,
  EncodeContext,
  JsonObject,
  Operation,
  RequestOf,
  StreamCodec,
  Summary,
} from '@gatewright/core';
import { SseSplitter, type Frame } from '@gatewright/core/wire';
import { chatCodec } from './chat-codec.ts';

export const codec = chatCodec;
export const stream = chatCodec.stream as StreamCodec<'chat'>;

export interface Notes extends EncodeContext {
  readonly dropped: string[];
  readonly warned: string[];
  readonly usage: true;
  readonly requestId: string;
}

/** A context as the core makes it with `unsupported: drop`; what was said is kept. */
export function dropping(model = 'command-test', request?: unknown): Notes {
  const dropped: string[] = [];
  const warned: string[] = [];
  return {
    model,
    dropped,
    warned,
    usage: true,
    requestId: 'req_test',
    unsupported: (field) => dropped.push(field),
    warn: (field) => warned.push(field),
    ...(request === undefined ? {} : { request: <O extends Operation>() => request as RequestOf<O> }),
  };
}

/** A context for what must be expressed completely: anything said is a failure. */
export function complete(model = 'command-test', request?: unknown): Notes {
  const fail = (field: string, reason: string): never => {
    throw new Error(`${field}: ${reason}`);
  };
  return { ...dropping(model, request), unsupported: fail, warn: fail };
}

/** Events of the API as the bytes of a stream, its end mark included. */
export function sse(events: readonly JsonObject[], done = true): Buffer {
  const text = events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return Buffer.from(done ? `${text}data: [DONE]\n\n` : text);
}

/** Shows each frame of a stream, in whatever pieces it comes. */
export function eachFrame(bytes: Buffer, look: (frame: Frame) => void, cuts: readonly number[] = []): void {
  const splitter = new SseSplitter(look);
  let from = 0;
  for (const cut of [...cuts, bytes.length].toSorted((a, b) => a - b)) {
    if (cut <= from) continue;
    splitter.push(bytes.subarray(from, cut));
    from = cut;
  }
  splitter.end();
}

export function decodeBytes(bytes: Buffer, cuts: readonly number[] = []): ChatEvent[] {
  const decoder = stream.decoder();
  const events: ChatEvent[] = [];
  eachFrame(bytes, (frame) => events.push(...decoder.push(frame)), cuts);
  events.push(...decoder.end());
  return events;
}

export function encodeEvents(events: readonly ChatEvent[], context: Notes = complete()): Buffer {
  const encoder = stream.encoder(context);
  return Buffer.concat(events.map((event) => Buffer.from(encoder.push(event))));
}

/** The JSON of a stream's frames; the end mark as it is. Fails where a frame's name is not its type. */
export function framesOf(bytes: Buffer): (JsonObject | string)[] {
  const frames: (JsonObject | string)[] = [];
  eachFrame(bytes, (frame) => {
    const text = frame.text();
    if (text === '[DONE]') {
      frames.push(text);
      return;
    }
    const event = frame.json() as JsonObject;
    if (event['type'] !== frame.event) throw new Error(`The frame ${frame.event} is a ${String(event['type'])}.`);
    frames.push(event);
  });
  return frames;
}

export interface Seen {
  readonly sights: readonly number[];
  readonly summary: Summary;
}

export function observe(bytes: Buffer): Seen {
  const observer = stream.observer({ dropUsage: false });
  const sights: number[] = [];
  eachFrame(bytes, (frame) => sights.push(observer.see(frame)));
  return { sights, summary: observer.summary };
}
