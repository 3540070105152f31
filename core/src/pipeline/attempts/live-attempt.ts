/** An attempt under way. */
import { Abort, type Abortable } from '../../abort.ts';
import type { Attempt, AttemptOutcome } from '../../attempt.ts';
import type { Summary } from '../../dialect.ts';
import type { FormBody } from '../../form/file.ts';
import type { KeptRequest } from '../../kept.ts';
import type { Target, Timeouts } from '../../route.ts';
import type { SettleResult } from '../../state.ts';
import { boundedBy } from './caller-timeouts.ts';
import type { Reserved } from '../meter/claims.ts';
import { endFor } from './client-gone.ts';
import type { LiveExchange } from '../live-exchange.ts';
import type { Service } from './service.ts';
import type { Joining } from '../streams/splice.ts';
import type { StreamInFlight } from '../streams/stream.ts';

export class LiveAttempt implements Attempt, Abortable {
  readonly id: string;
  readonly number: number;
  readonly exchange: LiveExchange;
  readonly target: Target;
  readonly service: Service;
  readonly abort = new Abort();
  readonly started: number;
  pieces: readonly Buffer[] | undefined = undefined;
  form: FormBody | undefined = undefined;
  kept: KeptRequest | undefined = undefined;
  headers: Readonly<Record<string, string>> = {};
  stream: boolean;
  maxOutput: number | undefined = undefined;
  outcome: AttemptOutcome | undefined = undefined;
  /** The gateway asked for usage in the stream; the client did not. */
  usageInjected = false;
  reserved: Reserved | undefined = undefined;
  /** Hears that the state has taken the bill. */
  settled: ((result: SettleResult) => void) | undefined = undefined;
  /** Its answer is good so far. */
  begun = false;
  /** The HTTP status of the target's answer; 0 until its head is there. */
  status = 0;
  /** What its answer says of itself, once all of it was read: that was made, whatever becomes of it here. */
  summary: Summary | undefined = undefined;
  /** Its stream, from the head on. */
  flight: StreamInFlight | undefined = undefined;
  /** Another target that was asked besides it answered first. */
  outpaced = false;
  /** Calls its time limit off. */
  cancelTimer: (() => void) | undefined = undefined;
  /** Gives its place at the target back. */
  leave: (() => void) | undefined = undefined;
  /** How it goes on with an answer that broke off; undefined where it begins one. */
  readonly joining: Joining | undefined;
  #body: Buffer | undefined = undefined;

  constructor(exchange: LiveExchange, target: Target, service: Service) {
    this.exchange = exchange;
    this.target = target;
    this.service = service;
    this.number = exchange.attempts.length + 1;
    // Not the number: a hold that could not be taken must never lend its id to another.
    this.id = `${exchange.id}-${++exchange.tries}`;
    this.stream = exchange.stream;
    this.joining = exchange.rescue?.joining(service, target);
    this.started = exchange.kernel.clock.monotonic();
  }

  /** Nearly nobody makes them shorter: they are not kept. */
  get timeouts(): Timeouts {
    return boundedBy(this.exchange.headers, this.target.timeouts);
  }

  onSettled(listener: (result: SettleResult) => void): void {
    this.settled = listener;
  }

  get body(): Buffer | undefined {
    if (this.pieces !== undefined) this.#body ??= Buffer.concat(this.pieces);
    return this.#body;
  }

  set body(bytes: Buffer | undefined) {
    this.#body = bytes;
  }

  get dialect(): string {
    return this.service.dialect.id;
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  onAbort(listener: (reason: Error) => void): () => void {
    return this.abort.onAbort(listener);
  }

  /** Its exchange was ended from outside. */
  aborted(reason: Error): void {
    endFor(this, reason);
  }

  /** Throws what the attempt was aborted with. */
  throwIfAborted(): void {
    const { reason } = this.abort;
    if (reason !== undefined) throw reason;
  }
}
