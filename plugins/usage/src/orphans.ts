/** The bills of processes that died: each of their holds becomes a row, and is settled. */
import type { Clock, Logger, Orphan, Posting, Prices, State, Target, UsageRow } from '@gatewright/core';
import type { UsageJournal } from './journal.ts';

/** What is billed for an attempt whose process died: the whole hold, its input alone, or nothing. */
export type OrphanCharge = 'hold' | 'input' | 'none';

/** Holds that are taken up at once. */
const MOST = 100;
/** Text has about four bytes to a token. */
const BYTES_PER_TOKEN = 4;

/** What the core writes into a hold, as JSON. */
type Memo = Omit<UsageRow, 'id' | 'type' | 'result' | 'status' | 'usageComplete' | 'duration' | 'postings'> & {
  readonly bytes: number;
};

export interface OrphanSettings {
  readonly state: State;
  readonly prices: Prices | undefined;
  readonly journal: UsageJournal;
  readonly clock: Clock;
  readonly log: Logger;
  readonly charge: OrphanCharge;
}

/** Takes up the holds of dead processes. Rejects where the state cannot be reached. */
export async function billOrphans(settings: OrphanSettings): Promise<number> {
  const { state, journal, log } = settings;
  const orphans = await state.orphans(MOST);
  for (const orphan of orphans) {
    const row = rowOfOrphan(orphan, settings);
    // First the row, then the hold: a process that dies between the two leaves both to the next.
    if (row !== undefined) await journal.write(row);
    await state.reclaim(orphan.id, row?.postings ?? orphan.postings);
  }
  if (orphans.length > 0)
    log.warn('Attempts of a process that died were billed from their holds.', { attempts: orphans.length });
  return orphans.length;
}

function rowOfOrphan(orphan: Orphan, settings: OrphanSettings): UsageRow | undefined {
  const memo = readMemo(orphan, settings.log);
  if (memo === undefined) return undefined;
  const { bytes: _bytes, ...known } = memo;
  const postings = orphan.postings.map((one) => charged(one, memo, settings));
  const nanos = postings.find(({ unit, kind }) => kind === 'budget' && unit === 'nanos')?.actual;
  return {
    ...known,
    id: orphan.id,
    type: 'orphaned',
    time: settings.clock.now(),
    result: 'orphaned',
    status: 0,
    usageComplete: false,
    duration: Math.max(0, orphan.expired - memo.time),
    ...(nanos === undefined ? {} : { nanos, price: `hold (${settings.charge})` }),
    postings,
  };
}

function readMemo({ id, memo }: Orphan, log: Logger): Memo | undefined {
  try {
    const read = JSON.parse(memo) as Partial<Memo> | null;
    if (typeof read?.time === 'number' && typeof read.key === 'string') return read as Memo;
  } catch {
    // Said below.
  }
  log.error('The hold of a process that died says nothing of its attempt; it is given back without a row.', { id });
  return undefined;
}

/** Money is billed by the policy, counts as they were held, and what is only held goes back. */
function charged(one: Posting, memo: Memo, { charge, prices, clock }: OrphanSettings): Posting {
  if (one.window === 'held') return { ...one, actual: 0n };
  if (one.unit !== 'nanos' || charge === 'hold') return { ...one, actual: one.held };
  if (charge === 'none') return { ...one, actual: 0n };
  const target = { id: `${memo.provider}/${memo.upstreamModel}`, provider: memo.provider, model: memo.upstreamModel };
  const tokens = { input: Math.ceil(memo.bytes / BYTES_PER_TOKEN), output: 0 };
  const input = prices?.bound(target as Partial<Target> as Target, tokens, clock.now()) ?? one.held;
  return { ...one, actual: input < one.held ? input : one.held };
}
