/**
 * The bills of answers that were made in the background: when they were asked for nobody knew what they would use, so that
 * what was held was billed. Who fetches one that is complete learns it, and the difference becomes a row of its own.
 */
import type {
  Attempt,
  AttemptOutcome,
  Clock,
  Identity,
  Posting,
  Prices,
  State,
  Store,
  Usage,
  UsageRow,
} from '@gatewright/core';
import { tenantOf } from '@gatewright/core';
import type { UsageJournal } from './journal.ts';

/** Answers that are known to be billed; beyond that the store is asked again. */
const REMEMBERED = 10_000;
/** How long after it was made an answer may be fetched, in milliseconds: providers keep them for thirty days. */
const KEPT_FOR = 30 * 86_400_000;
/** Rows that are looked at: those of all tenants and providers that have the id. */
const MOST_ROWS = 20;

export interface KeptBillSettings {
  readonly store: Store;
  readonly state: State | undefined;
  readonly prices: Prices | undefined;
  readonly journal: UsageJournal;
  readonly clock: Clock;
}

export class KeptBills {
  readonly #settings: KeptBillSettings;
  readonly #billed = new Set<string>();

  constructor(settings: KeptBillSettings) {
    this.#settings = settings;
  }

  /** Bills what was recalled, once. Rejects where the store cannot be reached: it is billed when it is fetched again. */
  async bill({ recalled, upstreamId }: AttemptOutcome, { target }: Attempt, identity: Identity): Promise<void> {
    if (recalled === undefined || upstreamId === undefined) return;
    const tenant = tenantOf(identity);
    const known = JSON.stringify([tenant, target.provider, upstreamId]);
    if (this.#billed.has(known)) return;
    const { store, state, journal, clock } = this.#settings;
    const from = clock.now() - KEPT_FOR;
    const rows = await store.usage({ kept: upstreamId, from, limit: MOST_ROWS });
    const row = rows.find((one) => one.provider === target.provider && tenantOf(one) === tenant);
    // Its row may still be on its way.
    if (row === undefined) return;
    const correction = row.usageComplete ? undefined : this.#correctionOf(row, recalled, target);
    if (correction !== undefined && (await store.usage({ id: correction.id, limit: 1 })).length === 0) {
      await journal.write(correction);
      if (correction.postings.length > 0) await state?.settle(correction.id, correction.postings);
    }
    this.#billed.add(known);
    if (this.#billed.size > REMEMBERED) this.#billed.delete(this.#billed.values().next().value as string);
  }

  /** What is missing of the row of the attempt that made it; what was billed too much has a minus. */
  #correctionOf(row: UsageRow, usage: Usage, target: Attempt['target']): UsageRow {
    const { nanos: before = 0n, price: _price, postings, error: _error, kept: _kept, usage: told, ...asked } = row;
    const cost = this.#settings.prices?.cost(target, usage, row.time);
    return {
      ...asked,
      // One for each answer, whoever writes it and how often.
      id: `${row.id}:kept`,
      type: 'adjustment',
      time: this.#settings.clock.now(),
      result: 'success',
      usageComplete: true,
      duration: 0,
      usage: told === undefined ? withoutRaw(usage) : difference(withoutRaw(usage), told),
      ...(cost === undefined ? {} : { nanos: cost.nanos - before, price: cost.price }),
      postings: cost === undefined ? [] : postings.filter(isMoney).map((one) => corrected(one, cost.nanos)),
    };
  }
}

const isMoney = ({ kind, unit }: Posting): boolean => kind === 'budget' && unit === 'nanos';

const corrected = (posting: Posting, nanos: bigint): Posting => ({
  ...posting,
  held: 0n,
  actual: nanos - posting.actual,
});

/** A stream that was left had told some of it. */
function difference(usage: Omit<Usage, 'raw'>, told: Omit<Usage, 'raw'>): Omit<Usage, 'raw'> {
  const { units, ...counts } = usage;
  const missing = Object.entries(counts).map(([name, count]) => [name, count - told[name as keyof typeof counts]]);
  return { ...(Object.fromEntries(missing) as typeof counts), ...(units === undefined ? {} : { units }) };
}

/** The provider's own block is not kept: it may be of any size. */
function withoutRaw(usage: Usage): Omit<Usage, 'raw'> {
  if (usage.raw === undefined) return usage;
  const { raw: _raw, ...counts } = usage;
  return counts;
}
