/** The reply of a provider to one call: what undici tells of it, as bytes for a sink, within the times that it has. */
import type { Dispatcher } from 'undici';
import type { Attempt } from '../attempt.ts';
import { systemClock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { ReplyBody, ReplyHeaders, ReplySink, WireReply } from '../reply.ts';
import { Rounds, type UnderWay } from '../rounds.ts';
import type { Timeouts } from '../route.ts';
import type { CredentialMask } from './credential-mask.ts';
import { decompressed } from './decompress.ts';
import { isOfRead, Pieces } from './pieces.ts';

/** Of all calls of the process: what they wait for is the network, and never a clock of tests. */
const rounds = new Rounds(systemClock);

export class ReplyHandler implements Dispatcher.DispatchHandler, ReplyBody, UnderWay {
  place = -1;
  readonly #attempt: Attempt;
  readonly #timeouts: Timeouts;
  readonly #mask: CredentialMask | undefined;
  readonly #resolve: (reply: WireReply) => void;
  readonly #reject: (error: Error) => void;
  #controller: Dispatcher.DispatchController | undefined = undefined;
  #sink: ReplySink | undefined = undefined;
  #headSeen = false;
  /** Why the call was stopped. */
  #cancelled: GatewayError | undefined = undefined;
  /** What came before the sink was there: the pipeline pipes in a later turn than the head. */
  #early: Buffer[] = [];
  readonly #pieces = new Pieces();
  #finished: Error | true | undefined = undefined;
  readonly #unlisten: () => void;
  #connecting: NodeJS.Timeout | undefined = undefined;
  /** Something came or went since the last look: to read the clock for each piece would cost more than the pieces. */
  #moved = true;
  /** The last look that found something moved. */
  #since = 0;
  #paused = false;

  constructor(
    attempt: Attempt,
    timeouts: Timeouts,
    mask: CredentialMask | undefined,
    resolve: (reply: WireReply) => void,
    reject: (error: Error) => void,
  ) {
    this.#attempt = attempt;
    this.#timeouts = timeouts;
    this.#mask = mask;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#unlisten = attempt.onAbort((reason) => this.#stop(reason));
  }

  /** Gives up where no connection stands after so many milliseconds. */
  limitConnect(milliseconds: number): void {
    this.#connecting = setTimeout(() => {
      const { id: target } = this.#attempt.target;
      const message = `${target} did not accept a connection within ${milliseconds} ms, which is all that the request allows.`;
      this.#cancelled ??= new GatewayError('GW_UPSTREAM_TIMEOUT', message, { target });
      this.#unlisten();
      this.#reject(this.#cancelled);
    }, milliseconds);
  }

  // A dispatch that waits in a queue has no controller yet: the abort is remembered and applied here.
  onRequestStart(controller: Dispatcher.DispatchController): void {
    clearTimeout(this.#connecting);
    this.#controller = controller;
    if (this.#cancelled !== undefined) controller.abort(this.#cancelled);
    else rounds.add(this, Math.min(this.#timeouts.headers, this.#timeouts.idle));
  }

  onBodySent(): void {
    this.#moved = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ReplyHeaders): void {
    if (status < 200) return;
    this.#headSeen = true;
    this.#moved = true;
    const encoding = headers['content-encoding'];
    const body = typeof encoding === 'string' && encoding !== 'identity' ? decompressed(this, encoding) : this;
    const reply = { status, headers, body };
    this.#resolve(this.#mask?.reply(reply) ?? reply);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#moved = true;
    if (isOfRead(this)) this.#pieces.add(chunk);
    else this.#give(chunk);
  }

  endOfRead(): void {
    const all = this.#pieces.take();
    if (all !== undefined) this.#give(all);
  }

  onResponseEnd(): void {
    this.#finish(true);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, cause: Error): void {
    this.#finish(toUpstreamError(this.#attempt, cause, this.#headSeen));
  }

  pipe(sink: ReplySink): void {
    this.#sink = sink;
    const early = this.#early;
    this.#early = [];
    for (const chunk of early) if (this.#cancelled === undefined) sink.data(chunk);
    if (this.#finished !== undefined && this.#cancelled === undefined) tell(sink, this.#finished);
  }

  pause(): void {
    this.#paused = true;
    this.#controller?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#controller?.resume();
  }

  cancel(): void {
    this.#stop();
  }

  /** A client that takes nothing keeps the provider waiting. */
  look(now: number): void {
    if (this.#moved || this.#paused) {
      this.#moved = false;
      this.#since = now;
      return;
    }
    const { headers, idle } = this.#timeouts;
    const limit = this.#headSeen ? idle : headers;
    if (now - this.#since < limit) return;
    const cause = new Error('The connection was silent.');
    const what = this.#headSeen
      ? `went silent for ${limit} ms in the middle of its answer`
      : `did not begin to answer within ${limit} ms`;
    this.#finish(timedOut(this.#attempt, what, cause));
    this.#controller?.abort(cause);
  }

  #give(bytes: Buffer): void {
    if (this.#cancelled !== undefined) return;
    if (this.#sink === undefined) this.#early.push(bytes);
    else this.#sink.data(bytes);
  }

  #stop(cause?: Error): void {
    if (this.#cancelled !== undefined || this.#finished !== undefined) return;
    clearTimeout(this.#connecting);
    rounds.remove(this);
    const { id: target } = this.#attempt.target;
    this.#cancelled = new GatewayError('GW_CLIENT_CLOSED', `The call to ${target} was stopped.`, { target, cause });
    this.#controller?.abort(this.#cancelled);
    if (!this.#headSeen) this.#reject(this.#cancelled);
  }

  #finish(how: Error | true): void {
    if (this.#finished !== undefined) return;
    this.endOfRead();
    this.#finished = how;
    clearTimeout(this.#connecting);
    rounds.remove(this);
    this.#unlisten();
    if (this.#cancelled !== undefined) return;
    if (!this.#headSeen) this.#reject(how === true ? new Error('The reply ended before its head.') : how);
    else if (this.#sink !== undefined) tell(this.#sink, how);
  }
}

function tell(sink: ReplySink, how: Error | true): void {
  if (how === true) sink.end();
  else sink.error(how);
}

function timedOut({ target: { id: target } }: Attempt, what: string, cause: Error): GatewayError {
  return new GatewayError('GW_UPSTREAM_TIMEOUT', `${target} ${what}.`, { target, cause });
}

/** undici's error codes (https://undici.nodejs.org/#/docs/api/Errors) as the gateway's own. */
function toUpstreamError(attempt: Attempt, cause: Error, headSeen: boolean): GatewayError {
  const { id: target, timeouts } = attempt.target;
  const code = (cause as { code?: string }).code ?? '';
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return timedOut(attempt, `did not accept a connection within ${timeouts.connect} ms`, cause);
    default: {
      const reason = code === '' ? cause.message : code;
      if (headSeen)
        return new GatewayError(
          'GW_UPSTREAM_CUT',
          `The connection to ${target} broke in the middle of its answer (${reason}).`,
          { target, cause },
        );
      return new GatewayError('GW_UPSTREAM_UNREACHABLE', `${target} could not be reached (${reason}).`, {
        target,
        cause,
      });
    }
  }
}
