/** Calls one target and hands its reply to the client. */
import type { RawCodec } from '../dialect.ts';
import { GatewayError } from '../errors.ts';
import { isNeutralReply, type Reply, type WireReply } from '../reply.ts';
import type { Trace, TracedCall } from '../trace.ts';
import { deliverNeutral, sendWhole, streamType } from './deliver.ts';
import { gather, join } from './gather.ts';
import { replyHeaders } from './headers.ts';
import type { LiveAttempt } from './live-attempt.ts';
import type { Outlet } from './outlet.ts';
import { passesRaw, rawCodecOf, RawInFlight, rawSummary, readRaw } from './raw.ts';
import { upstreamFailure, type ReplySource } from './reply-source.ts';
import { unused } from './claims.ts';
import { settle } from './settle.ts';
import { openStream } from './stream.ts';
import { readWhole } from './whole.ts';

/** How much of a provider's error reply is read, in bytes. */
const ERROR_LIMIT = 256 * 1024;

/** Resolves when the client has its answer, or its answer broke after it began. Rejects where the next attempt may still save it. */
export async function callTarget(attempt: LiveAttempt, outlet: Outlet | undefined): Promise<void> {
  const { exchange, target } = attempt;
  const { clock } = exchange.kernel;
  if (exchange.trace !== undefined) {
    await explain(attempt, exchange.trace);
    return;
  }
  const { total } = target.timeouts;
  const cancelTimer = clock.after(total, () => {
    const message = `${target.id} did not finish within ${total} ms.`;
    attempt.abort.abort(new GatewayError('GW_UPSTREAM_TIMEOUT', message, { target: target.id }));
  });
  if (exchange.timings.sent === 0) exchange.timings.sent = clock.monotonic();
  try {
    const reply = await callProvider(attempt);
    exchange.timings.head = clock.monotonic();
    if (isNeutralReply(reply)) {
      await settle(attempt, { summary: {}, status: 200 });
      await deliverNeutral(exchange, outlet, reply.response);
    } else await receive(attempt, outlet, reply);
  } finally {
    cancelTimer();
  }
}

function callProvider(attempt: LiveAttempt): Promise<Reply> {
  const { exchange, service } = attempt;
  return new Promise((resolve, reject) => {
    // A provider that does not listen to the signal must not keep the client waiting.
    attempt.abort.listen(reject);
    service.provider.tap.run(exchange, attempt, exchange, undefined, (error, result) => {
      if (error === null) resolve(result as Reply);
      else reject(error);
    });
  });
}

function receive(attempt: LiveAttempt, outlet: Outlet | undefined, reply: WireReply): Promise<void> {
  const { exchange, target, service } = attempt;
  const source: ReplySource = {
    dialect: service.dialect,
    headers: reply.headers,
    target: target.id,
    usageInjected: attempt.usageInjected,
    reports: target.reports === 'requested' ? exchange.model : undefined,
  };
  if (reply.status < 200 || reply.status > 299) return refuse(attempt, reply);
  attempt.abort.listen(() => reply.body.cancel());
  const raw = rawCodecOf(exchange, reply, source);
  if (raw !== undefined && outlet !== undefined && passesRaw(exchange, source)) {
    return passRaw(attempt, outlet, reply, source, raw);
  }
  if (raw === undefined && attempt.stream && outlet !== undefined && !isJson(reply)) {
    return receiveStream(attempt, outlet, reply, source);
  }
  return receiveWhole(attempt, outlet, reply, source, raw);
}

async function receiveWhole(
  attempt: LiveAttempt,
  outlet: Outlet | undefined,
  reply: WireReply,
  source: ReplySource,
  raw: RawCodec | undefined,
): Promise<void> {
  const { exchange, abort } = attempt;
  const reading =
    raw === undefined ? readWhole(exchange, reply, source, abort) : readRaw(exchange, reply, source, raw, abort);
  const whole = await reading;
  await settle(attempt, { summary: whole.summary, status: reply.status });
  sendWhole(exchange, outlet, whole, source);
}

async function receiveStream(
  attempt: LiveAttempt,
  outlet: Outlet,
  reply: WireReply,
  source: ReplySource,
): Promise<void> {
  const { exchange } = attempt;
  const stream = openStream(exchange, reply, source);
  const unlisten = attempt.onAbort((reason) => stream.stop(reason as GatewayError));
  try {
    await stream.committed;
    const end = await stream.deliver(outlet, replyHeaders(exchange, source, streamType(exchange)));
    exchange.error = end.error;
    await settle(attempt, { ...end, status: reply.status });
    if (end.error?.code === 'GW_CLIENT_CLOSED') outlet.destroy();
    else outlet.close();
  } finally {
    unlisten();
  }
}

async function passRaw(
  attempt: LiveAttempt,
  outlet: Outlet,
  reply: WireReply,
  source: ReplySource,
  codec: RawCodec,
): Promise<void> {
  const { exchange } = attempt;
  const answer = new RawInFlight(exchange, reply, source);
  const unlisten = attempt.onAbort((reason) => answer.stop(reason as GatewayError));
  try {
    await answer.begun;
    const error = await answer.deliver(outlet);
    exchange.error = error;
    const summary = error === undefined ? rawSummary(exchange, codec) : {};
    await settle(attempt, { summary, status: reply.status, ...(error === undefined ? {} : { error }) });
    // Bytes cannot say that they are not all: only a broken connection does.
    if (error === undefined) outlet.close();
    else outlet.destroy();
  } finally {
    unlisten();
  }
}

/** A provider that was asked for a stream and answers with JSON has answered whole. */
function isJson(reply: WireReply): boolean {
  const type = reply.headers['content-type'];
  return typeof type === 'string' && type.startsWith('application/json');
}

/** Rejects with what the provider's error reply says. */
async function refuse(attempt: LiveAttempt, reply: WireReply): Promise<never> {
  const { exchange, service, target } = attempt;
  const chunks = await gather(reply.body, ERROR_LIMIT, attempt.abort);
  const upstream = service.dialect.codec.decodeError(reply.status, join(chunks), reply.headers);
  throw upstreamFailure(target.id, { ...upstream, status: reply.status }, reply.headers, exchange.kernel.clock.now());
}

/** A dry run ends where the provider would be called; what was reserved for it is given back. */
async function explain(attempt: LiveAttempt, trace: Trace): Promise<void> {
  const { exchange, service, target } = attempt;
  const targets = exchange.route?.targets ?? [];
  exchange.status = 200;
  trace.call = {
    target: target.id,
    dialect: service.dialect.id,
    body: bodyOrigin(attempt),
    bytes: attempt.body ?? Buffer.alloc(0),
    headers: attempt.headers,
    next: targets.slice(targets.indexOf(target) + 1).map((one) => one.id),
  };
  if (attempt.reserved === undefined) return;
  await exchange.kernel.state?.settle(attempt.id, unused(attempt.reserved));
}

function bodyOrigin({ exchange, service, body, maxOutput }: LiveAttempt): TracedCall['body'] {
  if (exchange.body !== undefined && body === exchange.body.bytes) return 'untouched';
  const own = exchange.dialect === service.dialect && !exchange.requestChanged && maxOutput === undefined;
  return own && service.operation.adjust === undefined ? 'edited' : 'encoded';
}
