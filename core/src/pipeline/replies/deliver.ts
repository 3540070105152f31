/** Hands answers to the client: neutral ones as a body or as a stream, and wire replies of `call.answer`. */
import type { ChatEvent } from '../../chat/event.ts';
import { spread } from '../../chat/spread.ts';
import type { ChatResponse } from '../../chat/response.ts';
import type { StreamCodec } from '../../dialect.ts';
import { GatewayError } from '../../errors.ts';
import type { ImagesResponse } from '../../images/response.ts';
import { spreadImages } from '../../images/spread.ts';
import type { WireReply } from '../../reply.ts';
import { encodeContext } from '../attempts/encode-context.ts';
import { EventChain } from '../streams/event-chain.ts';
import { replyHeaders } from '../headers.ts';
import type { LiveExchange } from '../live-exchange.ts';
import { toBuffer } from '../streams/lens.ts';
import type { Outlet } from '../outlet.ts';
import { rawCodecOf, readRaw } from './raw.ts';
import type { ReplySource } from './reply-source.ts';
import { StreamTail, type Group } from '../streams/stream-tail.ts';
import { openStream } from '../streams/open-stream.ts';
import type { StreamEnd } from '../streams/stream.ts';
import { encodeWhole, readWhole, transformResponse, type WholeReply } from './whole.ts';

export const JSON_TYPE = 'application/json';
const EVENT_STREAM_TYPE = 'text/event-stream; charset=utf-8';

/** The content type of a stream to this client. */
export function streamType(exchange: LiveExchange): string {
  return exchange.dialect?.codec.stream?.contentType ?? EVENT_STREAM_TYPE;
}

/** Sends a neutral answer; a client that asked for a stream gets one. */
export async function deliverNeutral(
  exchange: LiveExchange,
  outlet: Outlet | undefined,
  response: unknown,
): Promise<void> {
  if (exchange.stream && outlet !== undefined && exchange.dialect?.codec.raw === undefined) {
    sendSpread(exchange, outlet, response, undefined);
    return;
  }
  const changed = await transformResponse(exchange, response, exchange.abort);
  const whole = { summary: {}, response: changed, ...encodeWhole(exchange, changed, undefined) };
  sendWhole(exchange, outlet, whole, undefined);
}

/** Sends a whole reply that has been read. */
export function sendWhole(
  exchange: LiveExchange,
  outlet: Outlet | undefined,
  whole: WholeReply,
  source: ReplySource | undefined,
): void {
  exchange.result = whole.response;
  exchange.status = 200;
  if (outlet === undefined) return;
  if (whole.chunks === undefined) sendSpread(exchange, outlet, whole.response, source);
  else outlet.whole(200, replyHeaders(exchange, source, whole.contentType ?? JSON_TYPE), whole.chunks);
}

/** Sends a wire reply that came from no target; it is in the client's dialect. */
export async function deliverWire(exchange: LiveExchange, outlet: Outlet | undefined, reply: WireReply): Promise<void> {
  const { dialect } = exchange;
  if (dialect === undefined) {
    throw new GatewayError('GW_PLUGIN_RESULT', 'A spawned exchange can only be answered with a neutral response.');
  }
  const source: ReplySource = { dialect, headers: reply.headers, usageInjected: false };
  const raw = rawCodecOf(exchange, reply, source);
  if (raw !== undefined || !exchange.stream || outlet === undefined) {
    const { abort } = exchange;
    const reading =
      raw === undefined ? readWhole(exchange, reply, source, abort) : readRaw(exchange, reply, source, raw, abort);
    sendWhole(exchange, outlet, await reading, source);
    return;
  }
  const stream = openStream(exchange, reply, source);
  exchange.abort.listen(stream);
  await stream.committed;
  const end = await stream.deliver(outlet, replyHeaders(exchange, source, streamType(exchange)));
  exchange.error = end.error;
  endStream(exchange, outlet, end);
}

/** Ends the reply; breaks it off where nobody is left to read how it ended, or it could not be told. */
export function endStream({ drained }: LiveExchange, outlet: Outlet, { error, untold }: StreamEnd): void {
  if (error?.code === 'GW_CLIENT_CLOSED' || untold === true || drained !== undefined) outlet.destroy();
  else outlet.close();
}

/** Streams an answer that was not streamed. */
function sendSpread(exchange: LiveExchange, outlet: Outlet, response: unknown, source: ReplySource | undefined): void {
  const stream = exchange.dialect?.codec.stream as StreamCodec<'chat'> | undefined;
  if (stream === undefined)
    throw new GatewayError('GW_BAD_REQUEST', 'This operation cannot be streamed.', { param: 'stream' });
  const answer = response as ChatResponse | ImagesResponse;
  const isChat = 'candidates' in answer;
  const usage = exchange.request().streamUsage === true;
  const context = encodeContext(exchange, source?.reports ?? (isChat ? answer.model : ''), 'drop');
  const encoder = stream.encoder({ ...context, usage, requestId: exchange.id });
  const chain = new EventChain(exchange);
  const tail = new StreamTail();
  const events: ChatEvent[] = [];
  const pass = (groups: readonly Group[]): void => {
    for (const group of groups) for (const event of group.events) events.push(...chain.push(event));
  };
  for (const event of isChat ? spread(answer) : spreadImages(answer))
    pass(tail.push({ events: [event], bytes: undefined }));
  events.push(...chain.flush());
  pass(tail.release());
  const pieces = events.map((event) => toBuffer(encoder.push(event)));
  outlet.open(200, replyHeaders(exchange, source, streamType(exchange)));
  exchange.status = 200;
  exchange.timings.content = exchange.kernel.clock.monotonic();
  outlet.write(pieces);
  outlet.close();
}
