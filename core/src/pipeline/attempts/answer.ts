/** Answers of targets that have begun: each knows its own way to the client. */
import type { RawCodec } from '../../dialect.ts';
import type { GatewayError } from '../../errors.ts';
import type { Awaitable } from '../../hooks/points.ts';
import { endOfStep } from '../../in-step.ts';
import { bind } from '../bound.ts';
import { deliverNeutral, endStream, sendWhole, streamType } from '../replies/deliver.ts';
import { replyHeaders } from '../headers.ts';
import type { LiveAttempt } from './live-attempt.ts';
import type { Outlet } from '../outlet.ts';
import { rawSummary, type RawInFlight } from '../replies/raw.ts';
import type { ReplySource } from '../replies/reply-source.ts';
import { settle } from '../meter/settle.ts';
import type { StreamEnd, StreamInFlight } from '../streams/stream.ts';
import type { WholeReply } from '../replies/whole.ts';

/** An answer that is good so far. Until it is delivered, another target's may still be taken in its place. */
export interface Answer {
  /**
   * Settles the attempt and hands the answer on. Resolves when the client has it, whole or ended by an error; or with
   * what it broke off with where the client has not been told, since another target may go on.
   */
  deliver(outlet: Outlet | undefined): Awaitable<GatewayError | undefined>;
  /** Settles the attempt, in place of delivering its answer: another target's was taken, and this attempt was aborted. */
  discard(): Promise<void> | undefined;
}

/** Read to its end. */
export class WholeAnswer implements Answer {
  readonly #attempt: LiveAttempt;
  readonly #whole: WholeReply;
  readonly #status: number;
  readonly #source: ReplySource;

  constructor(attempt: LiveAttempt, whole: WholeReply, status: number, source: ReplySource) {
    this.#attempt = attempt;
    this.#whole = whole;
    this.#status = status;
    this.#source = source;
  }

  async deliver(outlet: Outlet | undefined): Promise<undefined> {
    await (this.discard() ?? endOfStep());
    sendWhole(this.#attempt.exchange, outlet, this.#whole, this.#source);
  }

  discard(): Promise<void> | undefined {
    return settle(this.#attempt, { summary: this.#whole.summary, status: this.#status });
  }
}

/** A plugin's own, not in any dialect. */
export class NeutralAnswer implements Answer {
  readonly #attempt: LiveAttempt;
  readonly #response: unknown;

  constructor(attempt: LiveAttempt, response: unknown) {
    this.#attempt = attempt;
    this.#response = response;
  }

  async deliver(outlet: Outlet | undefined): Promise<undefined> {
    await settle(this.#attempt, { summary: {}, status: 200 });
    await deliverNeutral(this.#attempt.exchange, outlet, this.#response);
  }

  discard(): Promise<void> | undefined {
    return settle(this.#attempt, { summary: {}, status: 200 });
  }
}

/** A stream whose first content is there. */
export class StreamAnswer implements Answer {
  readonly #attempt: LiveAttempt;
  readonly #stream: StreamInFlight;
  readonly #status: number;
  readonly #source: ReplySource;

  constructor(attempt: LiveAttempt, stream: StreamInFlight, status: number, source: ReplySource) {
    this.#attempt = attempt;
    this.#stream = stream;
    this.#status = status;
    this.#source = source;
  }

  async deliver(outlet: Outlet): Promise<GatewayError | undefined> {
    const { exchange } = this.#attempt;
    const { whole } = this.#stream;
    if (whole !== undefined) await this.#settleWhole(whole);
    // What is made in the background is asked for while it streams.
    else bind(this.#attempt, { summary: this.#stream.progress.summary, status: this.#status });
    const end = await this.#stream.deliver(outlet, replyHeaders(exchange, this.#source, streamType(exchange)));
    exchange.rescue = end.rescue;
    exchange.error = end.error;
    await settle(this.#attempt, { ...end, status: this.#status });
    if (end.rescue !== undefined) return end.error;
    endStream(exchange, outlet, end);
    return undefined;
  }

  /** What is all there when it begins goes on in one piece, end and all: so it is settled before, as any whole answer. */
  async #settleWhole(end: StreamEnd): Promise<void> {
    const { timings, kernel } = this.#attempt.exchange;
    if (timings.content === 0) timings.content = kernel.clock.monotonic();
    const settling = settle(this.#attempt, { ...end, status: this.#status });
    if (settling !== undefined) await settling;
    await endOfStep();
  }

  discard(): Promise<void> | undefined {
    return settle(this.#attempt, { ...this.#stream.progress, status: this.#status });
  }
}

/** Bytes that go on as they are, of which the first are there. */
export class RawAnswer implements Answer {
  readonly #attempt: LiveAttempt;
  readonly #flight: RawInFlight;
  readonly #status: number;
  readonly #codec: RawCodec;

  constructor(attempt: LiveAttempt, flight: RawInFlight, status: number, codec: RawCodec) {
    this.#attempt = attempt;
    this.#flight = flight;
    this.#status = status;
    this.#codec = codec;
  }

  async deliver(outlet: Outlet): Promise<undefined> {
    const { exchange } = this.#attempt;
    const error: GatewayError | undefined = await this.#flight.deliver(outlet);
    exchange.error = error;
    const summary = error === undefined ? rawSummary(exchange, this.#codec) : {};
    await settle(this.#attempt, { summary, status: this.#status, ...(error === undefined ? {} : { error }) });
    // Bytes cannot say that they are not all: only a broken connection does.
    if (error === undefined) outlet.close();
    else outlet.destroy();
  }

  discard(): Promise<void> | undefined {
    return settle(this.#attempt, { summary: rawSummary(this.#attempt.exchange, this.#codec), status: this.#status });
  }
}
