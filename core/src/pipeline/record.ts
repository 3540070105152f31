/** Makes the log record of a finished exchange and gives it to the sinks. */
import type { AttemptRecord, ExchangeRecord } from '../record.ts';
import type { GatewayError } from '../errors.ts';
import type { Cost } from '../services.ts';
import { NO_USAGE, type Usage, type UsageUnits } from '../usage.ts';
import type { LiveAttempt } from './attempts/live-attempt.ts';
import type { LiveExchange } from './live-exchange.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Ends an exchange: its times, its record. A failing sink is reported and fails nothing. */
export function finish(exchange: LiveExchange): void {
  const { kernel, timings, hooks } = exchange;
  timings.end = kernel.clock.monotonic();
  if (hooks.log.length === 0 || exchange.trace !== undefined) return;
  const record = makeRecord(exchange);
  for (const tap of hooks.log) {
    try {
      tap.runSync(exchange, record);
    } catch (error) {
      const { message, code } = error as GatewayError;
      kernel.logger.error(message, { code, plugin: tap.spec.plugin.id, exchange: exchange.id });
    }
  }
}

function makeRecord(exchange: LiveExchange): ExchangeRecord {
  const { timings, error } = exchange;
  const duration = timings.end - timings.start;
  const record: Writable<ExchangeRecord> = {
    id: exchange.id,
    time: exchange.time,
    operation: exchange.operation,
    model: exchange.model,
    stream: exchange.stream,
    identity: exchange.identity,
    status: exchange.status,
    result: error === undefined ? 'success' : error.code === 'GW_CLIENT_CLOSED' ? 'client-gone' : 'error',
    attempts: exchange.attempts.map(attemptRecord),
    warnings: exchange.warnings,
    duration,
    overhead: Math.max(0, duration - timings.upstream),
  };
  if (exchange.surface !== undefined) record.surface = exchange.surface.id;
  if (exchange.parent !== undefined) record.parent = exchange.parent.id;
  if (exchange.cause !== undefined) record.cause = exchange.cause;
  if (exchange.answeredBy !== undefined) record.answeredBy = exchange.answeredBy;
  if (error !== undefined) record.error = errorRecord(error);
  if (timings.content > 0) record.timeToFirstToken = timings.content - timings.start;
  addTotals(exchange, record);
  return record;
}

function errorRecord(error: GatewayError): NonNullable<ExchangeRecord['error']> {
  const { plugin, hook, cause } = error.details;
  const record: Writable<NonNullable<ExchangeRecord['error']>> = { code: error.code, message: error.message };
  if (plugin !== undefined) record.plugin = plugin;
  if (hook !== undefined) record.hook = hook;
  // What was really thrown: of an unexpected error the stack is all there is to go by.
  if (cause instanceof Error && cause.stack !== undefined) record.stack = cause.stack;
  return record;
}

function attemptRecord(attempt: LiveAttempt): AttemptRecord {
  const { target, outcome } = attempt;
  const record: Writable<AttemptRecord> = {
    target: target.id,
    provider: target.provider,
    model: target.model,
    result: outcome?.result ?? 'error',
    status: outcome?.status ?? 0,
    usageComplete: outcome?.usageComplete ?? false,
    duration: outcome?.duration ?? 0,
  };
  if (outcome === undefined) return record;
  const { error, usage, cost, malformed, stop, upstreamId, upstreamModel, timeToFirstToken } = outcome;
  if (error !== undefined) record.error = { code: error.code, message: error.message };
  if (usage !== undefined) record.usage = usage;
  if (cost !== undefined) record.cost = cost;
  if (malformed !== undefined) record.malformed = malformed;
  if (stop !== undefined) record.stop = stop.reason;
  if (upstreamId !== undefined) record.upstreamId = upstreamId;
  if (upstreamModel !== undefined) record.upstreamModel = upstreamModel;
  if (timeToFirstToken !== undefined) record.timeToFirstToken = timeToFirstToken;
  return record;
}

function addTotals(exchange: LiveExchange, record: Writable<ExchangeRecord>): void {
  for (const { outcome } of exchange.attempts) {
    if (outcome?.usage !== undefined)
      record.usage = record.usage === undefined ? outcome.usage : addUsage(record.usage, outcome.usage);
    if (outcome?.cost !== undefined)
      record.cost = record.cost === undefined ? outcome.cost : addCost(record.cost, outcome.cost);
  }
}

function addUsage(a: Usage, b: Usage): Usage {
  const sum: Writable<Usage> = { ...NO_USAGE };
  for (const key of Object.keys(NO_USAGE) as Exclude<keyof Usage, 'raw' | 'units'>[]) sum[key] = a[key] + b[key];
  if (a.units !== undefined || b.units !== undefined) sum.units = addUnits(a.units ?? {}, b.units ?? {});
  return sum;
}

function addUnits(a: UsageUnits, b: UsageUnits): UsageUnits {
  const sum: Writable<UsageUnits> = { ...a };
  for (const key of Object.keys(b) as (keyof UsageUnits)[]) sum[key] = (a[key] ?? 0) + (b[key] ?? 0);
  return sum;
}

function addCost(a: Cost, b: Cost): Cost {
  return {
    nanos: a.nanos + b.nanos,
    inputNanos: a.inputNanos + b.inputNanos,
    outputNanos: a.outputNanos + b.outputNanos,
    price: a.price === b.price ? a.price : `${a.price}, ${b.price}`,
  };
}
