/** The fields of an exchange's log line. */
import { NO_USAGE, type AttemptRecord, type Cost, type ExchangeRecord, type Usage } from '@gatewright/core';
import { usd } from './usd.ts';

/** The classes of tokens. */
export const CLASSES = Object.keys(NO_USAGE) as Exclude<keyof Usage, 'units' | 'raw'>[];

export type Level = 'info' | 'warn' | 'error';

type Fields = Record<string, unknown>;

/** The level of an exchange: what the gateway or a provider did wrong is an error, what was refused a warning. */
export function levelOf({ result, status }: ExchangeRecord): Level {
  if (result !== 'error') return 'info';
  return status >= 500 ? 'error' : 'warn';
}

/**
 * The line of a record, which `exchange-line.ts` writes too: a field has to stand in both. Of the identity it has what says who called; not its metadata, which may hold anything. Amounts are
 * strings, since JSON's numbers are not exact.
 */
export function lineOf(record: ExchangeRecord): Fields {
  const { identity, usage, cost } = record;
  return {
    time: record.time,
    id: record.id,
    parent: record.parent,
    cause: record.cause,
    operation: record.operation,
    surface: record.surface,
    model: record.model,
    stream: record.stream,
    key: identity.key,
    name: identity.name,
    user: identity.user,
    team: identity.team,
    organisation: identity.organisation,
    tags: identity.tags,
    status: record.status,
    result: record.result,
    error: record.error,
    usage: usage === undefined ? undefined : countsOf(usage),
    cost: cost === undefined ? undefined : amountOf(cost),
    duration: micro(record.duration),
    timeToFirstToken: microIfAny(record.timeToFirstToken),
    overhead: micro(record.overhead),
    answeredBy: record.answeredBy,
    warnings: record.warnings.length === 0 ? undefined : record.warnings,
    attempts: record.attempts.map(attemptOf),
  };
}

function attemptOf(attempt: AttemptRecord): Fields {
  const { usage, cost } = attempt;
  return {
    target: attempt.target,
    result: attempt.result,
    status: attempt.status,
    error: attempt.error,
    usage: usage === undefined ? undefined : countsOf(usage),
    usageComplete: attempt.usageComplete,
    cost: cost === undefined ? undefined : { ...amountOf(cost), price: cost.price },
    stop: attempt.stop,
    upstreamId: attempt.upstreamId,
    upstreamModel: attempt.upstreamModel,
    duration: micro(attempt.duration),
    timeToFirstToken: microIfAny(attempt.timeToFirstToken),
  };
}

function amountOf({ nanos }: Cost): Fields {
  return { usd: usd(nanos), nanos: nanos.toString() };
}

/** The counts that are not zero; not the provider's own block, which says the same in other words. */
function countsOf(usage: Usage): Fields {
  const counts: Fields = {};
  for (const name of CLASSES) {
    if (usage[name] !== 0) counts[name] = usage[name];
  }
  return usage.units === undefined ? counts : { ...counts, ...usage.units };
}

/** Milliseconds with three places: nobody reads picoseconds. */
function micro(duration: number): number {
  return Math.round(duration * 1000) / 1000;
}

function microIfAny(duration: number | undefined): number | undefined {
  return duration === undefined ? undefined : micro(duration);
}
