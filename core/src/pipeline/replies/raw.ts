/** Answers that are not JSON, sound and plain text: passed on as they arrive, or read whole where somebody wants to see them. */
import type { Abort } from '../../abort.ts';
import type { RawCodec, Summary } from '../../dialect.ts';
import { toGatewayError, type GatewayError } from '../../errors.ts';
import type { ReplySink, WireReply } from '../../reply.ts';
import { gather, join } from './gather.ts';
import { GatheredSink } from './gathered-sink.ts';
import { replyHeaders } from '../headers.ts';
import { identified } from './identified.ts';
import type { LiveAttempt } from '../attempts/live-attempt.ts';
import type { LiveExchange } from '../live-exchange.ts';
import type { HeadersOut, Outlet } from '../outlet.ts';
import { emptyReply, endlessReply, type ReplySource } from './reply-source.ts';
import { encodeWhole, transformResponse, type WholeReply } from './whole.ts';

const BYTES_TYPE = 'application/octet-stream';

/** How such answers of the source's dialect are read; undefined where this one is JSON, or a stream that was asked for. */
export function rawCodecOf(exchange: LiveExchange, reply: WireReply, source: ReplySource): RawCodec | undefined {
  const { raw } = source.dialect.codec;
  if (raw === undefined) return undefined;
  const type = typeOf(reply);
  if (type.startsWith('application/json')) return undefined;
  return exchange.stream && type.startsWith('text/event-stream') ? undefined : raw;
}

/** Whether nobody needs to see the answer: its bytes can go on while they arrive. */
export function passesRaw(exchange: LiveExchange, source: ReplySource): boolean {
  return exchange.dialect === source.dialect && exchange.hooks.response === undefined;
}

/** Reads a whole answer and makes it the client's. Throws a retryable GatewayError where it is no good. */
export async function readRaw(
  exchange: LiveExchange,
  reply: WireReply,
  source: ReplySource,
  codec: RawCodec,
  abort: Abort,
  attempt?: Pick<LiveAttempt, 'summary'>,
): Promise<WholeReply> {
  const bytes = join(await gather(reply.body, exchange.kernel.config.limits.reply, abort));
  if (bytes.length === 0 && !mayBeEmpty(reply)) throw emptyReply(source);
  const answer = codec.decode({ contentType: typeOf(reply), bytes });
  const decoded = exchange.dialect === source.dialect ? answer : identified(answer as object, exchange);
  const summary = rawSummary(exchange, codec);
  if (attempt !== undefined) attempt.summary = summary;
  const response = await transformResponse(exchange, decoded, abort);
  return { summary, response, ...encodeWhole(exchange, response, source.reports) };
}

/** What such an answer does not tell of itself: what the provider bills by, where the request tells it. */
export function rawSummary(exchange: LiveExchange, codec: RawCodec): Summary {
  try {
    const usage = codec.usage?.(exchange.request() as never);
    return usage === undefined ? {} : { usage };
  } catch {
    // The provider has taken a request that the codec cannot read: it is not for the record to refuse it.
    return {};
  }
}

/** Such an answer on its way: withheld until its first bytes are there, then passed on until it ends or breaks. */
export class RawInFlight implements ReplySink {
  /** Resolves when the first bytes are there: from then on nothing fails over. Rejects where the reply failed before that. */
  readonly begun: Promise<void>;
  readonly #exchange: LiveExchange;
  readonly #reply: WireReply;
  readonly #source: ReplySource;
  readonly #gathered = new GatheredSink(this);
  #begin: () => void = () => undefined;
  #fail: (error: GatewayError) => void = () => undefined;
  #hasBegun = false;
  /** Bytes. */
  #received = 0;
  #outlet: Outlet | undefined;
  #out: Buffer[] = [];
  #end: { readonly error?: GatewayError } | undefined;
  #resolveEnd: ((error: GatewayError | undefined) => void) | undefined;

  constructor(exchange: LiveExchange, reply: WireReply, source: ReplySource) {
    this.#exchange = exchange;
    this.#reply = reply;
    this.#source = source;
    this.begun = new Promise((resolve, reject) => {
      this.#begin = resolve;
      this.#fail = reject;
    });
    reply.body.pipe(this.#gathered);
  }

  /** Sends the head and all that was withheld, then passes the rest on. Resolves at the end with what broke it; never rejects. */
  deliver(outlet: Outlet): Promise<GatewayError | undefined> {
    const exchange = this.#exchange;
    exchange.status = 200;
    exchange.timings.content = exchange.kernel.clock.monotonic();
    outlet.open(200, this.#headers());
    this.#outlet = outlet;
    outlet.onDrain(() => this.#reply.body.resume());
    return new Promise((resolve) => {
      this.#resolveEnd = resolve;
      this.#flush();
      if (this.#end !== undefined) resolve(this.#end.error);
    });
  }

  /** Ends the answer from outside: the client left, a timeout fired, the gateway goes down. */
  stop(error: GatewayError): void {
    this.#gathered.pass();
    this.#stop(error);
  }

  #stop(error: GatewayError): void {
    this.#reply.body.cancel();
    this.error(error);
  }

  data(chunk: Buffer): void {
    if (this.#end !== undefined) return;
    this.#received += chunk.length;
    const { stream: limit } = this.#exchange.kernel.config.limits;
    if (this.#received > limit) {
      this.#stop(endlessReply(this.#source, limit));
      return;
    }
    this.#out.push(chunk);
    if (this.#outlet !== undefined) this.#flush();
    else {
      this.#hasBegun = true;
      // What a slow client has not taken stays with the provider, from the first piece on.
      this.#reply.body.pause();
      this.#begin();
    }
  }

  end(): void {
    if (!this.#hasBegun && !mayBeEmpty(this.#reply)) this.error(emptyReply(this.#source));
    else this.#finish({});
  }

  error(error: Error): void {
    this.#finish({ error: toGatewayError(error) });
  }

  #finish(end: { readonly error?: GatewayError }): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    if (end.error !== undefined && !this.#hasBegun) this.#fail(end.error);
    this.#begin();
    this.#flush();
    this.#resolveEnd?.(end.error);
  }

  #flush(): void {
    if (this.#outlet === undefined) return;
    const chunks = this.#out;
    this.#out = [];
    const isFree = chunks.length === 0 || this.#outlet.write(chunks);
    if (this.#end !== undefined) return;
    if (isFree) this.#reply.body.resume();
    else this.#reply.body.pause();
  }

  #headers(): HeadersOut {
    const { headers } = this.#reply;
    const out = replyHeaders(this.#exchange, this.#source, typeOf(this.#reply) || BYTES_TYPE);
    const { 'content-length': length, 'content-encoding': encoding = 'identity' } = headers;
    // The length of a packed body is not that of the bytes that go on.
    if (typeof length === 'string' && encoding === 'identity') out['content-length'] = length;
    return out;
  }
}

function typeOf(reply: WireReply): string {
  const type = reply.headers['content-type'];
  return typeof type === 'string' ? type : '';
}

/** Nothing was said: a transcript of that is an empty text. */
function mayBeEmpty(reply: WireReply): boolean {
  return typeOf(reply).startsWith('text/');
}
