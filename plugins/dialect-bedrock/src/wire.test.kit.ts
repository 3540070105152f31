/** What the tests of this dialect read and write with: contexts, and bytes through splitter, codec and observer. */
import type { ChatEvent, EncodeContext, JsonObject, Stop, Summary } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { converseCodec, converseStream } from './converse-codec.ts';
import { MessageSplitter } from './message-splitter.ts';

export const codec = converseCodec;
export const stream = converseStream;

export interface Notes extends EncodeContext {
  readonly dropped: string[];
  readonly warned: string[];
  readonly usage: true;
  readonly requestId: string;
}

/** A context as the core makes it with `unsupported: drop`; what was said is kept. */
export function dropping(model = 'us.anthropic.claude-test'): Notes {
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
  };
}

/** A context for what must be expressed completely: anything said is a failure. */
export function complete(model = 'us.anthropic.claude-test'): Notes {
  const fail = (field: string, reason: string): never => {
    throw new Error(`${field}: ${reason}`);
  };
  return { ...dropping(model), unsupported: fail, warn: fail };
}

/** AWS's own codec of the framing. */
export const aws = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text),
);

export interface Message {
  readonly kind: string;
  readonly type: string;
  readonly payload: JsonObject;
}

/** The messages of a stream, as AWS's own codec reads them. */
export function messagesOf(bytes: Buffer): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const { headers, body } = aws.decode(new Uint8Array(bytes.subarray(at, at + length)));
    const kind = String(headers[':message-type']?.value);
    const type = String(headers[`:${kind}-type`]?.value);
    messages.push({ kind, type, payload: JSON.parse(Buffer.from(body).toString('utf8')) as JsonObject });
    at += length;
  }
  return messages;
}

/** A message as AWS's own codec writes it: `{ contentBlockStop: {…} }`. */
export function awsMessage(event: JsonObject, kind = 'event'): Buffer {
  const [[type, payload] = ['', {}]] = Object.entries(event);
  const header = (value: string) => ({ type: 'string' as const, value });
  const headers = {
    [`:${kind}-type`]: header(type),
    ':content-type': header('application/json'),
    ':message-type': header(kind),
  };
  return Buffer.from(aws.encode({ headers, body: Buffer.from(JSON.stringify(payload)) }));
}

export function awsStream(...events: readonly JsonObject[]): Buffer {
  return Buffer.concat(events.map((event) => awsMessage(event)));
}

/** Feeds bytes to a splitter, cut at these offsets. */
export function split(bytes: Buffer, cuts: readonly number[], see: (frame: Frame) => void): MessageSplitter {
  const splitter = new MessageSplitter(see);
  let from = 0;
  for (const cut of [...cuts, bytes.length].toSorted((a, b) => a - b)) {
    if (cut <= from) continue;
    splitter.push(bytes.subarray(from, cut));
    from = cut;
  }
  return splitter;
}

export function decodeBytes(bytes: Buffer, cuts: readonly number[] = []): ChatEvent[] {
  const decoder = stream.decoder();
  const events: ChatEvent[] = [];
  split(bytes, cuts, (frame) => events.push(...decoder.push(frame))).end();
  events.push(...decoder.end());
  return events;
}

export function encodeEvents(events: readonly ChatEvent[], context: Notes = complete()): Buffer {
  const encoder = stream.encoder(context);
  return Buffer.concat(events.map((event) => Buffer.from(encoder.push(event))));
}

export interface Seen {
  readonly sights: readonly number[];
  readonly summary: Summary;
}

export function observe(bytes: Buffer, cuts: readonly number[] = []): Seen {
  const observer = stream.observer({ dropUsage: false });
  const sights: number[] = [];
  split(bytes, cuts, (frame) => sights.push(observer.see(frame)));
  return { sights, summary: observer.summary };
}

/** What an observer's stop and a decoder's have in common: the decoder also keeps what came beside it. */
export function bare(stop: Stop | undefined): Omit<Stop, 'rest'> | undefined {
  if (stop === undefined) return undefined;
  const { rest: _, ...known } = stop;
  return known;
}
