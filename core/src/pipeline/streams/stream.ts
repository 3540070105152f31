/** A streamed reply on its way: withheld until its content begins, then passed on until it ends, well or with one error. */
import type { Abortable } from '../../abort.ts';
import { Sight, type Summary } from '../../dialect.ts';
import { GatewayError, toGatewayError } from '../../errors.ts';
import type { ReplySink, WireReply } from '../../reply.ts';
import type { Target } from '../../route.ts';
import type { LiveExchange } from '../live-exchange.ts';
import type { Lens } from './lens.ts';
import type { HeadersOut, Outlet } from '../outlet.ts';
import { GatheredSink } from '../replies/gathered-sink.ts';
import { emptyReply, endlessReply, upstreamFailure, type ReplySource } from '../replies/reply-source.ts';
import type { Rescue } from './rescue.ts';

/** How a stream that had begun came to its end. */
export interface StreamEnd {
  readonly summary: Summary;
  /** Events that were no good and were left out. */
  readonly malformed: number;
  /** Output tokens, as far as events and their sizes tell. */
  readonly produced: number;
  /** Absent where the answer is whole. */
  readonly error?: GatewayError;
  /** Set where the client has not been told of the error: another target may go on. */
  readonly rescue?: Rescue;
  /** The client could not be told of the error: only a broken connection says that this is not the whole. */
  readonly untold?: boolean;
}

export class StreamInFlight implements ReplySink, Abortable {
  /** Resolves when the first content is there: from then on nothing fails over. Rejects where the reply failed before that. */
  readonly committed: Promise<void>;
  readonly #exchange: LiveExchange;
  readonly #reply: WireReply;
  readonly #source: ReplySource;
  readonly #lens: Lens;
  readonly #gathered = new GatheredSink(this);
  #resolveCommit: () => void = () => undefined;
  #rejectCommit: (error: GatewayError) => void = () => undefined;
  #resolveEnd: ((end: StreamEnd) => void) | undefined;
  #isCommitted = false;
  readonly #rescue: Rescue | undefined;
  /** The most bytes to keep until the answer is whole; 0 where it goes on as it comes. */
  readonly #holds: number = 0;
  /** The client takes nothing more at the moment. */
  #isPaused = false;
  /** Bytes. */
  #received = 0;
  #outlet: Outlet | undefined;
  #out: Buffer[] = [];
  #end: StreamEnd | undefined;
  /** Output tokens with which it ends, where nobody listens any more. */
  #most = Infinity;
  #mark = Infinity;
  #reached: (produced: number) => void = () => undefined;

  constructor(
    exchange: LiveExchange,
    reply: WireReply,
    source: ReplySource,
    lens: Lens,
    rescue: Rescue | Target['rescue'],
  ) {
    this.#exchange = exchange;
    this.#reply = reply;
    this.#source = source;
    this.#lens = lens;
    this.#rescue = typeof rescue === 'string' ? undefined : rescue;
    if (rescue === 'hold') this.#holds = exchange.kernel.config.limits.reply;
    this.committed = new Promise((resolve, reject) => {
      this.#resolveCommit = resolve;
      this.#rejectCommit = reject;
    });
    reply.body.pipe(this.#gathered);
  }

  /** Whether there was content, or a reason why there is none. */
  get begun(): boolean {
    return (this.#lens.seen & (Sight.CONTENT | Sight.STOP)) !== 0;
  }

  /** Frames so far that said something; undefined while the client keeps the provider waiting. */
  get told(): number | undefined {
    return this.#isPaused ? undefined : this.#lens.told;
  }

  /** Calls back once, when the answer has so many output tokens. */
  whenProduced(tokens: number, reached: (produced: number) => void): void {
    this.#mark = tokens;
    this.#reached = reached;
  }

  /** Sends the head and all that was withheld, then passes the rest on. Resolves when the stream is over; never rejects. */
  deliver(outlet: Outlet, headers: HeadersOut): Promise<StreamEnd> {
    const { timings, kernel } = this.#exchange;
    this.#exchange.status = 200;
    if (!outlet.headSent || timings.content === 0) {
      timings.content = kernel.clock.monotonic();
      outlet.open(200, headers);
    }
    this.#outlet = outlet;
    if (this.#end === undefined) outlet.onDrain(() => this.#resume());
    this.#flush();
    if (this.#end !== undefined) return Promise.resolve(this.#end);
    return new Promise((resolve) => void (this.#resolveEnd = resolve));
  }

  /** All of the answer, where nothing broke it and it is there already. */
  get whole(): StreamEnd | undefined {
    return this.#end?.error === undefined ? this.#end : undefined;
  }

  /** The client has left: the rest is read for its usage, until the answer has so many more output tokens. */
  letGo(tokens: number): void {
    this.#most = this.#lens.produced + tokens;
    this.#resume();
  }

  #resume(): void {
    this.#isPaused = false;
    this.#reply.body.resume();
  }

  /** No function is made to tell it: one in a member of the attempt kept half of all that streams made until the next full collection. */
  aborted(reason: Error): void {
    this.stop(reason as GatewayError);
  }

  /** Ends the stream from outside: the client left, a timeout fired, the gateway goes down. */
  stop(error: GatewayError): void {
    this.#gathered.pass();
    this.#stop(error);
  }

  #stop(error: GatewayError): void {
    if (this.#end !== undefined) return;
    this.#reply.body.cancel();
    this.#fail(error);
  }

  data(chunk: Buffer): void {
    if (this.#end !== undefined) return;
    this.#received += chunk.length;
    const { stream: limit } = this.#exchange.kernel.config.limits;
    if (this.#received > limit) {
      this.#stop(endlessReply(this.#source, limit));
      return;
    }
    try {
      this.#lens.push(chunk, this.#out);
    } catch (error) {
      this.#reply.body.cancel();
      this.#fail(toGatewayError(error));
      return;
    }
    this.#judge();
  }

  end(): void {
    if (this.#end !== undefined) return;
    try {
      this.#lens.finish(this.#out);
      this.#judge();
      if (this.#end !== undefined) return;
      if (this.#lens.seen & Sight.STOP) {
        this.#lens.close(this.#out);
        this.#complete();
        return;
      }
    } catch (error) {
      this.#fail(toGatewayError(error));
      return;
    }
    this.#fail(this.#broken());
  }

  error(error: Error): void {
    if (this.#end !== undefined) return;
    // The provider had said why it stopped: all of the answer is there, and only the end marker is missing.
    if (this.#lens.seen & Sight.STOP) this.end();
    else this.#fail(toGatewayError(error));
  }

  /** Decides what the last bytes mean. */
  #judge(): void {
    const { seen, summary } = this.#lens;
    if (seen & Sight.ERROR) {
      this.#reply.body.cancel();
      this.#fail(this.#reported(summary));
      return;
    }
    if (!this.#isCommitted && seen & (Sight.CONTENT | Sight.STOP)) {
      if (this.#holds === 0) this.#commit();
      else this.#hold();
    }
    if (seen & Sight.END) {
      if (seen & Sight.STOP) this.#complete();
      else {
        this.#reply.body.cancel();
        this.#fail(this.#broken());
      }
      return;
    }
    const { produced } = this.#lens;
    const { drained } = this.#exchange;
    if (produced >= this.#most && drained !== undefined) {
      this.#stop(toGatewayError(drained));
      return;
    }
    if (produced >= this.#mark && !(seen & Sight.STOP)) {
      this.#mark = Infinity;
      this.#reached(produced);
    }
    this.#flush();
  }

  #flush(): void {
    const outlet = this.#outlet;
    if (outlet === undefined || this.#out.length === 0) return;
    const chunks = this.#out;
    this.#out = [];
    if (this.#exchange.drained !== undefined) return;
    this.#isPaused = !outlet.write(chunks);
    if (this.#isPaused) this.#reply.body.pause();
  }

  #complete(): void {
    this.#commit();
    this.#finish(this.progress);
  }

  #commit(): void {
    this.#isCommitted = true;
    this.#resolveCommit();
  }

  /** Until it is whole, an answer can still be another target's. */
  #hold(): void {
    if (this.#received <= this.#holds) return;
    const target = this.#source.target ?? 'The answer';
    const message = `${target} answered with more than ${this.#holds} bytes, and its answers are held until they are whole.`;
    const help = 'Raise `limits.reply`, or set another `rescue`.';
    this.#stop(new GatewayError('GW_UPSTREAM_INVALID', message, { target, help, retryable: false }));
  }

  #fail(error: GatewayError): void {
    if (!this.#isCommitted) {
      this.#end = { ...this.progress, error };
      this.#rejectCommit(error);
      return;
    }
    const rescue = this.#rescue;
    if (rescue?.takes(error, this.#lens.produced) === true) {
      this.#finish({ ...this.progress, error, rescue });
      return;
    }
    const untold = error.code !== 'GW_CLIENT_CLOSED' && !this.#tell(error);
    this.#finish({ ...this.progress, error, untold });
  }

  /** Answers whether the client hears of it: a dialect that fails to say it keeps no stream from its end. */
  #tell(error: GatewayError): boolean {
    try {
      this.#out.push(this.#lens.failure(error));
      return true;
    } catch (thrown) {
      const { kernel, dialect } = this.#exchange;
      const message = `The dialect "${dialect?.id}" could not tell a client of an error: ${(thrown as Error).message}`;
      kernel.logger.error(message, { error: thrown });
      return false;
    }
  }

  /** How far it has come, and how it ended where it has. */
  get progress(): StreamEnd {
    if (this.#end !== undefined) return this.#end;
    const { summary, malformed, produced } = this.#lens;
    return { summary, malformed, produced };
  }

  #finish(end: StreamEnd): void {
    this.#end = end;
    this.#flush();
    this.#resolveEnd?.(end);
  }

  #reported(summary: Summary): GatewayError {
    const upstream = summary.error ?? { status: 502, message: 'The provider reported an error.' };
    return upstreamFailure(this.#source.target ?? '', upstream, {}, this.#exchange.kernel.clock.now());
  }

  #broken(): GatewayError {
    const target = this.#source.target ?? 'The answer';
    if (this.#isCommitted) {
      return new GatewayError('GW_UPSTREAM_CUT', `${target} broke off in the middle of its answer.`, { target });
    }
    return emptyReply(this.#source);
  }
}
