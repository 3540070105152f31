/** The codec, with what its tests need around it. */
import type {
  ChatEvent,
  ChatRequest,
  EncodeContext,
  JsonObject,
  ObserverOptions,
  StreamCodec,
  Summary,
} from '@gatewright/core';
import { Sight } from '@gatewright/core';
import { eachFrame, json, refusing } from '../wire.test.kit.ts';
import { responsesCodec } from './codec.ts';

export { dropping, eachFrame, json, refusing, thrown } from '../wire.test.kit.ts';

export const codec = responsesCodec;
export const stream = responsesCodec.stream as StreamCodec<'chat'>;

export const decodeRequest = (body: JsonObject): ChatRequest => codec.decodeRequest(body, { headers: {} });

/** A request or an answer once through the codec. */
export const requestAgain = (body: JsonObject, context: EncodeContext = refusing): unknown =>
  json(codec.encodeRequest(decodeRequest(body), { ...context, model: String(body['model']) }));
export const answerAgain = (body: JsonObject, context: EncodeContext = refusing): unknown =>
  json(codec.encodeResponse(codec.decodeResponse(body), { ...context, model: String(body['model']) }));

/** A whole answer with these items. */
export const answer = (output: readonly JsonObject[], body: JsonObject = {}): JsonObject => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  error: null,
  incomplete_details: null,
  model: 'm',
  output,
  usage: null,
  ...body,
});

export const message = (...content: JsonObject[]): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content,
});

export const outputText = (text: string, more: JsonObject = {}): JsonObject => ({
  type: 'output_text',
  annotations: [],
  logprobs: [],
  text,
  ...more,
});

/** The bytes of a stream of events; one without a type has no name either. */
export const sse = (...events: JsonObject[]): Buffer =>
  Buffer.from(
    events
      .map((event) => {
        const name = typeof event['type'] === 'string' ? `event: ${event['type']}\n` : '';
        return `${name}data: ${JSON.stringify(event)}\n\n`;
      })
      .join(''),
  );

export function decodeStream(bytes: Buffer | readonly Buffer[]): ChatEvent[] {
  const decoder = stream.decoder();
  const events: ChatEvent[] = [];
  eachFrame(bytes, (frame) => {
    try {
      events.push(...decoder.push(frame));
    } catch {
      // What is broken is left out, as the core does.
    }
  });
  return [...events, ...decoder.end()];
}

export function encodeStream(events: readonly ChatEvent[], context: EncodeContext = refusing): string {
  const encoder = stream.encoder({ ...context, model: '', usage: true, requestId: 'gw_1' });
  return events.map((event) => String(encoder.push(event))).join('');
}

/** The events that a text of frames has. */
export function eventsOf(text: string): JsonObject[] {
  const events: JsonObject[] = [];
  eachFrame(Buffer.from(text), (frame) => {
    const event = frame.json() as JsonObject;
    if (frame.event !== event['type'])
      throw new Error(`The event ${frame.event} has the type ${String(event['type'])}.`);
    events.push(event);
  });
  return events;
}

export function observe(
  bytes: Buffer,
  options: ObserverOptions = { dropUsage: false },
): { seen: number; malformed: number; summary: Summary; replaced: string[] } {
  const observer = stream.observer(options);
  let seen = 0;
  let malformed = 0;
  const replaced: string[] = [];
  eachFrame(bytes, (frame) => {
    const sight = observer.see(frame);
    if (sight & Sight.MALFORMED) malformed++;
    if (sight & Sight.REPLACE) replaced.push(frame.replacement);
    seen |= sight;
  });
  return { seen, malformed, summary: observer.summary, replaced };
}
