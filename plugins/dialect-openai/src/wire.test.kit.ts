/** The codec, with what tests need around it: contexts that listen, and streams as text. */
import {
  GatewayError,
  isGatewayError,
  Sight,
  type ChatEvent,
  type ChatRequest,
  type EncodeContext,
  type EventDecoder,
  type JsonObject,
  type ObserverOptions,
  type StreamCodec,
  type StreamObserver,
} from '@gatewright/core';
import { SseSplitter, type Frame } from '@gatewright/core/wire';
import { chatCodec } from './chat-codec.ts';

export const codec = chatCodec;
export const stream = chatCodec.stream as StreamCodec<'chat'>;

/** A context that refuses as the core does. */
export const refusing: EncodeContext = {
  model: 'm',
  warn: () => {},
  unsupported(field, reason) {
    throw new GatewayError('GW_UNSUPPORTED', `${field}: ${reason}`, { param: field });
  },
};

export interface Listening extends EncodeContext {
  readonly dropped: string[];
  readonly warned: string[];
}

/** A context that drops what cannot be expressed, and remembers what was said. */
export function dropping(model = 'm'): Listening {
  const dropped: string[] = [];
  const warned: string[] = [];
  return {
    model,
    dropped,
    warned,
    unsupported: (field) => void dropped.push(field),
    warn: (field) => void warned.push(field),
  };
}

/** What JSON makes of a value: members that are undefined are gone. */
export const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export const decodeRequest = (body: JsonObject): ChatRequest => codec.decodeRequest(body, { headers: {} });

/** A request with one message after the other and nothing else. */
export const ask = (...messages: JsonObject[]): JsonObject => ({ model: 'm', messages });

export const answer = (message: JsonObject, choice: JsonObject = {}, body: JsonObject = {}): JsonObject => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: null, ...message },
      finish_reason: 'stop',
      logprobs: null,
      ...choice,
    },
  ],
  ...body,
});

/** A request or an answer once through the codec. */
export const requestAgain = (body: JsonObject, context: EncodeContext = refusing): unknown =>
  json(codec.encodeRequest(decodeRequest(body), { ...context, model: String(body['model']) }));
export const answerAgain = (body: JsonObject, context: EncodeContext = refusing): unknown =>
  json(codec.encodeResponse(codec.decodeResponse(body), { ...context, model: String(body['model']) }));

/** The error that is thrown. */
export function thrown(run: () => unknown): GatewayError {
  try {
    run();
  } catch (error) {
    if (isGatewayError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A chunk with one choice. */
export const chunk = (delta: JsonObject, choice: JsonObject = {}, body: JsonObject = {}): JsonObject => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...choice }],
  ...body,
});

export const ROLE = chunk({ role: 'assistant', content: '', refusal: null });
export const FINISH = chunk({}, { finish_reason: 'stop' });

/** The bytes of a stream; a string among the chunks stands for itself. */
export const sse = (...chunks: (JsonObject | string)[]): Buffer =>
  Buffer.from(
    chunks.map((one) => (typeof one === 'string' ? `${one}\n\n` : `data: ${JSON.stringify(one)}\n\n`)).join(''),
  );

export const DONE = 'data: [DONE]';

/** Hands all frames of some bytes over, which may come in pieces. */
export function eachFrame(bytes: Buffer | readonly Buffer[], take: (frame: Frame) => void): void {
  const splitter = new SseSplitter(take);
  for (const piece of Buffer.isBuffer(bytes) ? [bytes] : bytes) splitter.push(piece);
  splitter.end();
}

export function decodeStream(
  bytes: Buffer | readonly Buffer[],
  decoder: EventDecoder<ChatEvent> = stream.decoder(),
): ChatEvent[] {
  const events: ChatEvent[] = [];
  eachFrame(bytes, (frame) => events.push(...decoder.push(frame)));
  return [...events, ...decoder.end()];
}

export function encodeStream(
  events: readonly ChatEvent[],
  { usage = true, context = dropping('') }: { usage?: boolean; context?: EncodeContext } = {},
): string {
  const encoder = stream.encoder({ ...context, usage, requestId: 'req-1' });
  return events.map((event) => encoder.push(event)).join('');
}

/** The parsed data of every frame in a text; `[DONE]` as a string. */
export function framesOf(text: string | Buffer): JsonObject[] {
  const frames: unknown[] = [];
  eachFrame(Buffer.from(text), (frame) => frames.push(frame.ascii.startsWith('[') ? frame.text() : frame.json()));
  return frames as JsonObject[];
}

export interface Seen {
  /** The sights of each frame, as words. */
  readonly sights: string[];
  /** What the client gets. */
  readonly passed: string[];
  readonly summary: StreamObserver['summary'];
}

const WORDS = Object.entries(Sight).filter(([, bit]) => bit !== 0);

export function observe(bytes: Buffer, options: ObserverOptions = { dropUsage: false }): Seen {
  const observer = stream.observer(options);
  const sights: string[] = [];
  const passed: string[] = [];
  eachFrame(bytes, (frame) => {
    const sight = observer.see(frame);
    sights.push(
      WORDS.filter(([, bit]) => sight & bit)
        .map(([word]) => word)
        .join('+'),
    );
    if (!(sight & Sight.DROP)) passed.push(sight & Sight.REPLACE ? frame.replacement : frame.text());
  });
  return { sights, passed, summary: observer.summary };
}
