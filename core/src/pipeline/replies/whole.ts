/** Replies that are not streamed: read to their end before the client sees the first byte, so that failing over stays possible. */
import type { Abort } from '../../abort.ts';
import type { Codec, Summary } from '../../dialect.ts';
import { GatewayError } from '../../errors.ts';
import type { Awaitable } from '../../hooks/points.ts';
import { applyEdits } from '../../json/edit.ts';
import { replyOutlineOf, type Outline } from '../../json/outline.ts';
import type { ChatResponse } from '../../chat/response.ts';
import type { WireReply } from '../../reply.ts';
import { encodeContext } from '../attempts/encode-context.ts';
import { gather, join } from './gather.ts';
import { identified } from './identified.ts';
import type { LiveAttempt } from '../attempts/live-attempt.ts';
import type { LiveExchange } from '../live-exchange.ts';
import { emptyReply, isWebPage, upstreamFailure, webPage, type ReplySource } from './reply-source.ts';

/** A whole reply, ready for the client. */
export interface WholeReply {
  readonly summary: Summary;
  /** The bytes in the client's dialect; undefined for an exchange that has none, or that asked for a stream. */
  readonly chunks: readonly Buffer[] | undefined;
  /** Default: that of JSON. */
  readonly contentType?: string;
  /** The neutral answer, where it was decoded. */
  readonly response: unknown;
}

/** A provider may nest deeper than a client is allowed to. */
const MAX_REPLY_DEPTH = 1024;

/** Reads a whole reply and makes it the client's. Throws a retryable GatewayError where it is no good, and what it is aborted with. */
export async function readWhole(
  exchange: LiveExchange,
  reply: WireReply,
  source: ReplySource,
  abort: Abort,
): Promise<WholeReply> {
  const chunks = await gather(reply.body, exchange.kernel.config.limits.reply, abort);
  return readChunks(exchange, reply, source, abort, chunks);
}

/** What has been read, made the client's; the attempt hears what it says of itself. Throws, or rejects, where it is no good. */
export function readChunks(
  exchange: LiveExchange,
  reply: WireReply,
  source: ReplySource,
  abort: Abort,
  chunks: readonly Buffer[],
  attempt?: Pick<LiveAttempt, 'summary'>,
): Awaitable<WholeReply> {
  const bytes = join(chunks);
  if (bytes.length === 0) throw emptyReply(source);
  const outline = readOutline(bytes, source);
  const { codec } = source.dialect;
  const summary = codec.summarize(outline);
  if (summary.error !== undefined) {
    const target = source.target ?? '';
    throw upstreamFailure(target, summary.error, reply.headers, exchange.kernel.clock.now());
  }
  // Operations whose answers may be something else than JSON may also answer whole where a stream was asked for.
  const mustStream = exchange.stream && exchange.dialect?.codec.raw === undefined;
  const same = exchange.dialect === source.dialect && !mustStream;
  if (same && exchange.hooks.response === undefined) {
    const edits = source.reports === undefined ? [] : codec.editResponse(outline, { model: source.reports });
    return { summary, chunks: edits.length === 0 ? chunks : [applyEdits(join(chunks), edits)], response: undefined };
  }
  if (attempt !== undefined && summary.usage !== undefined) attempt.summary = summary;
  const answer = decode(codec, outline, source);
  if (attempt !== undefined) attempt.summary = summary;
  const decoded = exchange.dialect === source.dialect ? answer : identified(answer as Partial<ChatResponse>, exchange);
  if (mustStream) return { summary, chunks: undefined, response: decoded };
  const finish = (response: unknown): WholeReply => {
    if (same && response === decoded && source.reports === undefined) return { summary, chunks, response };
    return { summary, response, ...encodeWhole(exchange, response, source.reports) };
  };
  const response = transformResponse(exchange, decoded, abort);
  return response instanceof Promise ? response.then(finish) : finish(response);
}

/** Runs the taps of `transform.response`; waits for none of them longer than until the abort. */
export function transformResponse(exchange: LiveExchange, response: unknown, abort: Abort): Awaitable<unknown> {
  const { response: hook } = exchange.hooks;
  if (hook === undefined) return response;
  const changed = hook.run(response, exchange);
  return changed instanceof Promise ? abort.race(changed) : changed;
}

/** The bytes of a neutral answer in the client's dialect; none where the exchange has no dialect. */
export function encodeWhole(
  exchange: LiveExchange,
  response: unknown,
  reports: string | undefined,
): Pick<WholeReply, 'chunks' | 'contentType'> {
  if (exchange.dialect === undefined) return { chunks: undefined };
  const { codec } = exchange.dialect;
  const raw = codec.raw?.encode(response as never);
  if (raw !== undefined) return { chunks: [raw.bytes], contentType: raw.contentType };
  const model = reports ?? (response as Partial<ChatResponse>).model ?? exchange.model;
  const context = encodeContext(exchange, model, 'drop');
  return { chunks: [Buffer.from(JSON.stringify(codec.encodeResponse(response as never, context)))] };
}

function decode(codec: Codec, outline: Outline, source: ReplySource): unknown {
  try {
    return codec.decodeResponse(outline.json());
  } catch (cause) {
    throw invalid(source, cause);
  }
}

function readOutline(bytes: Buffer, source: ReplySource): Outline {
  try {
    return replyOutlineOf(bytes, MAX_REPLY_DEPTH);
  } catch (cause) {
    throw isWebPage(source.headers) ? webPage(source) : invalid(source, cause);
  }
}

function invalid(source: ReplySource, cause: unknown): GatewayError {
  const target = source.target ?? 'An answer';
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GatewayError(
    'GW_UPSTREAM_INVALID',
    `${target} answered with something that is not ${source.dialect.id}: ${reason}`,
    {
      target,
      cause,
    },
  );
}
