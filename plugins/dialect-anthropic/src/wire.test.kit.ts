/** What the tests of this dialect read and write with: contexts, and bytes through splitter, codec and observer. */
import type { ChatEvent, EncodeContext, JsonObject, Stop, Summary, Usage } from '@gatewright/core';
import { Sight } from '@gatewright/core';
import { SseSplitter, type Frame } from '@gatewright/core/wire';
import { messagesCodec } from './messages-codec.ts';

export const DEFAULT_MAX_TOKENS = 32_000;
export const codec = messagesCodec(DEFAULT_MAX_TOKENS);
export const stream = codec.stream as NonNullable<typeof codec.stream>;

export interface Notes extends EncodeContext {
  readonly dropped: string[];
  readonly warned: string[];
  readonly usage: true;
  readonly requestId: string;
}

/** A context as the core makes it with `unsupported: drop`; what was said is kept. */
export function dropping(model = 'claude-test'): Notes {
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
export function complete(model = 'claude-test'): Notes {
  const fail = (field: string, reason: string): never => {
    throw new Error(`${field}: ${reason}`);
  };
  return { ...dropping(model), unsupported: fail, warn: fail };
}

/** Feeds bytes to a splitter, cut at these offsets. */
function split(bytes: Buffer, cuts: readonly number[], see: (frame: Frame) => void): void {
  const splitter = new SseSplitter(see);
  let from = 0;
  for (const cut of [...cuts, bytes.length].toSorted((a, b) => a - b)) {
    if (cut <= from) continue;
    splitter.push(bytes.subarray(from, cut));
    from = cut;
  }
  splitter.end();
}

export function decodeBytes(bytes: Buffer | string, cuts: readonly number[] = []): ChatEvent[] {
  const decoder = stream.decoder();
  const events: ChatEvent[] = [];
  split(Buffer.from(bytes), cuts, (frame) => events.push(...decoder.push(frame)));
  events.push(...decoder.end());
  return events;
}

export function encodeEvents(events: readonly ChatEvent[], context: Notes = complete()): string {
  const encoder = stream.encoder(context);
  return events.map((event) => encoder.push(event)).join('');
}

/** The JSON of every frame of a text. */
export function framesOf(text: string): JsonObject[] {
  const frames: JsonObject[] = [];
  split(Buffer.from(text), [], (frame) => frames.push(frame.json() as JsonObject));
  return frames;
}

export interface Seen {
  readonly sights: readonly number[];
  readonly replacements: readonly string[];
  readonly summary: Summary;
}

export function observe(bytes: Buffer | string, cuts: readonly number[] = [], model?: string): Seen {
  const observer = stream.observer({ dropUsage: false, ...(model === undefined ? {} : { model }) });
  const sights: number[] = [];
  const replacements: string[] = [];
  split(Buffer.from(bytes), cuts, (frame) => {
    const sight = observer.see(frame);
    sights.push(sight);
    if (sight & Sight.REPLACE) replacements.push(frame.replacement);
  });
  return { sights, replacements, summary: observer.summary };
}

/** A stream's text from its events' JSON, as the API frames it. */
export function sse(...events: readonly JsonObject[]): string {
  return events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

/** What an observer's stop and a decoder's have in common: the decoder also keeps what came beside it. */
export function bare(stop: Stop | undefined): Omit<Stop, 'rest'> | undefined {
  if (stop === undefined) return undefined;
  const { rest: _, ...known } = stop;
  return known;
}

/** Usage without the provider's own block, which a rewritten stream tells in fewer fields. */
export function counts(usage: Usage | undefined): Omit<Usage, 'raw'> | undefined {
  if (usage === undefined) return undefined;
  const { raw: _, ...known } = usage;
  return known;
}
