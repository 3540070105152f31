/** The usage row of an attempt. */
import type { Attempt, AttemptOutcome, Exchange, Posting, UsageRow } from '@gatewright/core';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** `time` in Unix milliseconds: when the attempt ended. */
export function rowOf(outcome: AttemptOutcome, attempt: Attempt, exchange: Exchange, time: number): UsageRow {
  const { identity, surface } = exchange;
  const { target } = attempt;
  const { cost, usage, error, timeToFirstToken, upstreamId } = outcome;
  const row: Writable<UsageRow> = {
    id: attempt.id,
    type: 'final',
    exchange: exchange.id,
    time,
    operation: exchange.operation,
    model: exchange.model,
    provider: target.provider,
    upstreamModel: target.model,
    key: identity.key,
    result: outcome.result,
    status: outcome.status,
    stream: attempt.stream,
    usageComplete: outcome.usageComplete,
    duration: thousandths(outcome.duration),
    postings: outcome.postings ?? [],
  };
  if (surface !== undefined) row.surface = surface.id;
  if (identity.user !== undefined) row.user = identity.user;
  if (identity.team !== undefined) row.team = identity.team;
  if (identity.organisation !== undefined) row.organisation = identity.organisation;
  if (identity.endUser !== undefined) row.endUser = identity.endUser;
  if (identity.tags !== undefined && identity.tags.length > 0) row.tags = identity.tags;
  if (usage !== undefined) row.usage = usage;
  if (cost !== undefined) {
    row.nanos = cost.nanos;
    row.price = cost.price;
  }
  if (timeToFirstToken !== undefined) row.timeToFirstToken = thousandths(timeToFirstToken);
  if (upstreamId !== undefined) row.upstreamId = upstreamId;
  if (outcome.kept === true) row.kept = true;
  if (error !== undefined) row.error = { code: error.code, message: error.message };
  if (isLate(row.postings, attempt, time)) row.late = true;
  return row;
}

/** Milliseconds with three places: nobody reads picoseconds. */
const thousandths = (time: number): number => Math.round(time * 1000) / 1000;

/** A period that is billed was over before the attempt was. */
function isLate(postings: readonly Posting[], { reserved }: Attempt, time: number): boolean {
  return postings.some(({ period, kind }, index) => {
    const window = reserved?.claims[index]?.window;
    if (kind !== 'budget' || window?.kind !== 'periods') return false;
    const end = window.periods.find(({ id }) => id === period)?.end;
    return end !== undefined && end <= time;
  });
}
