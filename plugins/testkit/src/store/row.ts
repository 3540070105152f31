/** Usage rows to test with. */
import { usageLinesOf, type Posting, type RowOutcome, type Store, type UsageRow } from '@gatewright/core';

/** A row that is complete; `over` changes what a test is about. */
export function row(over: Partial<UsageRow> & { readonly id: string }): UsageRow {
  return {
    type: 'final',
    exchange: 'gw-1',
    time: Date.UTC(2026, 10, 22, 12),
    operation: 'chat',
    model: 'smart',
    provider: 'acme',
    upstreamModel: 'acme-1',
    key: 'key-1',
    result: 'success',
    status: 200,
    stream: false,
    usageComplete: true,
    duration: 10.5,
    postings: [],
    ...over,
  };
}

/** A posting on the total budget of a team. */
export function posting(over: Partial<Posting> = {}): Posting {
  return {
    scope: 'team:core',
    unit: 'nanos',
    window: 'total',
    name: 'total',
    period: '',
    kind: 'budget',
    held: 100n,
    actual: 60n,
    ...over,
  };
}

/** As the journal gives them to a store. */
export function addRows(store: Store, rows: readonly UsageRow[]): Promise<readonly RowOutcome[]> {
  return store.addUsage(usageLinesOf(rows));
}
