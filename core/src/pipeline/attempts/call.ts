/** Calls one target and waits until its answer has begun. */
import type { Abortable } from '../../abort.ts';
import { GatewayError } from '../../errors.ts';
import type { RawCodec } from '../../dialect.ts';
import { isNeutralReply, type Reply, type ReplyBody, type WireReply } from '../../reply.ts';
import { NeutralAnswer, RawAnswer, StreamAnswer, WholeAnswer, type Answer } from './answer.ts';
import { endOfTurn } from '../../in-step.ts';
import { gather, Gathering, join } from '../replies/gather.ts';
import { growHold } from '../meter/growth.ts';
import { readHeld } from '../streams/held.ts';
import type { LiveAttempt } from './live-attempt.ts';
import { passesRaw, rawCodecOf, RawInFlight, readRaw } from '../replies/raw.ts';
import { isWebPage, upstreamFailure, webPage, type ReplySource } from '../replies/reply-source.ts';
import { openStream } from '../streams/open-stream.ts';
import { readChunks, type WholeReply } from '../replies/whole.ts';

/** How much of a provider's error reply is read, in bytes. */
const ERROR_LIMIT = 256 * 1024;

/** Resolves when the target has an answer worth handing on. Rejects where the next attempt may still save the exchange. */
export function callTarget(attempt: LiveAttempt, mayStream: boolean): Promise<Answer> {
  const { timings, kernel } = attempt.exchange;
  if (timings.sent === 0) timings.sent = kernel.clock.monotonic();
  return new Promise((resolve, reject) => new Call(attempt, mayStream, resolve, reject).start());
}

/** A call under way. One promise for all of it: each more costs a small request half a hundredth of its time. */
class Call implements Abortable {
  readonly #attempt: LiveAttempt;
  readonly #mayStream: boolean;
  readonly #resolve: (answer: Answer | Promise<Answer>) => void;
  readonly #reject: (error: unknown) => void;
  #body: ReplyBody | undefined = undefined;

  constructor(
    attempt: LiveAttempt,
    mayStream: boolean,
    resolve: (answer: Answer | Promise<Answer>) => void,
    reject: (error: unknown) => void,
  ) {
    this.#attempt = attempt;
    this.#mayStream = mayStream;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    const attempt = this.#attempt;
    const { exchange, service, abort } = attempt;
    // A provider that does not listen to the signal must not keep the client waiting.
    abort.listen(this);
    service.provider.tap.run(exchange, attempt, exchange, undefined, (error, result) => {
      if (error !== null) {
        this.#reject(error);
        return;
      }
      try {
        this.#take(result as Reply);
      } catch (thrown) {
        this.#reject(thrown);
      }
    });
  }

  aborted(reason: Error): void {
    this.#reject(reason);
    this.#body?.cancel();
  }

  #take(reply: Reply): void {
    const attempt = this.#attempt;
    const { timings, kernel } = attempt.exchange;
    timings.head = kernel.clock.monotonic();
    if (isNeutralReply(reply)) {
      this.#resolve(new NeutralAnswer(attempt, reply.response));
      return;
    }
    this.#body = reply.body;
    attempt.status = reply.status;
    // Nobody waits for an answer that comes so late.
    if (attempt.abort.aborted) reply.body.cancel();
    else if (reply.status < 200 || reply.status > 299) this.#resolve(refuse(attempt, reply));
    else this.#receive(reply);
  }

  #receive(reply: WireReply): void {
    const attempt = this.#attempt;
    const { exchange, abort } = attempt;
    const source = sourceOf(attempt, reply);
    const raw = rawCodecOf(exchange, reply, source);
    if (raw !== undefined && this.#mayStream && passesRaw(exchange, source)) {
      this.#resolve(beginRaw(attempt, reply, source, raw));
      return;
    }
    if (raw === undefined && attempt.stream && this.#mayStream && !isJson(reply)) {
      this.#resolve(beginStream(attempt, reply, source));
      return;
    }
    // Of an answer in one piece, nothing tells whether its content has begun.
    attempt.begun = true;
    if (raw === undefined) this.#readWhole(reply, source);
    else this.#resolve(wholeAnswer(attempt, readRaw(exchange, reply, source, raw, abort, attempt), reply, source));
  }

  #readWhole(reply: WireReply, source: ReplySource): void {
    const attempt = this.#attempt;
    const { exchange, abort } = attempt;
    const read = async (chunks: readonly Buffer[]): Promise<void> => {
      // Who was told that nobody waits for it may send it all the same.
      if (abort.aborted) return;
      // All of it is there: it is the answer, and is billed as one, whatever else this turn brings.
      abort.unlisten(this);
      if (exchange.kernel.active > 1) await endOfTurn();
      try {
        const whole = readChunks(exchange, reply, source, abort, chunks, attempt);
        if (whole instanceof Promise) this.#resolve(wholeAnswer(attempt, whole, reply, source));
        else this.#resolve(new WholeAnswer(attempt, whole, reply.status, source));
      } catch (thrown) {
        this.#reject(thrown);
      }
    };
    reply.body.pipe(
      new Gathering(reply.body, exchange.kernel.config.limits.reply, (chunks) => void read(chunks), this.#reject),
    );
  }
}

function sourceOf({ exchange, target, service, usageInjected }: LiveAttempt, { headers }: WireReply): ReplySource {
  return {
    dialect: service.dialect,
    headers,
    target: target.id,
    usageInjected,
    reports: target.reports === 'requested' ? exchange.model : undefined,
    maxEvent: exchange.kernel.config.limits.event,
  };
}

async function wholeAnswer(
  attempt: LiveAttempt,
  reading: Promise<WholeReply>,
  { status }: WireReply,
  source: ReplySource,
): Promise<Answer> {
  return new WholeAnswer(attempt, await reading, status, source);
}

async function beginRaw(attempt: LiveAttempt, reply: WireReply, source: ReplySource, codec: RawCodec): Promise<Answer> {
  const flight = new RawInFlight(attempt.exchange, reply, source);
  attempt.abort.listen((reason) => flight.stop(reason as GatewayError));
  await flight.begun;
  return new RawAnswer(attempt, flight, reply.status, codec);
}

async function beginStream(attempt: LiveAttempt, reply: WireReply, source: ReplySource): Promise<Answer> {
  const { exchange, joining } = attempt;
  const { rescue } = attempt.target;
  if (isWebPage(reply.headers)) {
    reply.body.cancel();
    throw webPage(source);
  }
  if (rescue === 'hold' && exchange.operation === 'chat' && exchange.hooks.response !== undefined) {
    return wholeAnswer(attempt, readHeld(attempt, reply, source), reply, source);
  }
  const stream = openStream(exchange, reply, source, { rescue, joining });
  attempt.abort.listen(stream);
  attempt.flight = stream;
  growHold(attempt, stream);
  await stream.committed;
  return new StreamAnswer(attempt, stream, reply.status, source);
}

/** A provider that was asked for a stream and answers with JSON has answered whole. */
function isJson(reply: WireReply): boolean {
  const type = reply.headers['content-type'];
  return typeof type === 'string' && type.startsWith('application/json');
}

/** Where it leads to is not told in full: the rest of an address may hold secrets. */
function redirect({ target }: LiveAttempt, { body, status, headers }: WireReply): GatewayError {
  body.cancel();
  const { location } = headers;
  const to = typeof location === 'string' && URL.canParse(location) ? ` to ${new URL(location).origin}` : '';
  const message = `${target.id} answered with a redirect${to} (status ${status}), and redirects are never followed.`;
  const help = "Set the provider's address to the one that answers by itself.";
  return new GatewayError('GW_UPSTREAM_INVALID', message, { target: target.id, help, retryable: false });
}

/** Rejects with what the provider's error reply says. */
async function refuse(attempt: LiveAttempt, reply: WireReply): Promise<never> {
  const { exchange, service, target } = attempt;
  if (reply.status >= 300 && reply.status <= 399) throw redirect(attempt, reply);
  const chunks = await gather(reply.body, ERROR_LIMIT, attempt.abort);
  const upstream = service.dialect.codec.decodeError(reply.status, join(chunks), reply.headers);
  throw upstreamFailure(target.id, { ...upstream, status: reply.status }, reply.headers, exchange.kernel.clock.now());
}
