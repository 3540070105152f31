/** The records in the memory of this process: every method is to become a query to the database. */
import {
  GatewayError,
  inputTokens,
  outputTokens,
  usageRowFromJson,
  usageRowsIn,
  type AuditEntry,
  type Change,
  type Posting,
  type RecordWrite,
  type Rollup,
  type RowOutcome,
  type Store,
  type StoredRecord,
  type UsageField,
  type UsageQuery,
  type UsageReportRow,
  type UsageRow,
} from '@gatewright/core';

/** Only budgets are summed: limits are the state's alone. */
const isBudget = ({ kind, window }: Posting): boolean => kind === 'budget' && window !== 'held';

export class MemoryStore implements Store {
  #records = new Map<string, StoredRecord & { readonly index: RecordWrite['index'] }>();
  #changes: Change[] = [];
  #audit: AuditEntry[] = [];
  readonly #rows = new Map<string, UsageRow>();
  readonly #rollups = new Map<string, Rollup & { touched: number }>();
  readonly #listeners = new Set<() => void>();
  #epoch = 1;
  #time = 1;

  async get(kind: string, id: string): Promise<never> {
    return this.#records.get(`${kind} ${id}`) as never;
  }

  async find(kind: string, { where = {}, after = '', limit = 100 }: Parameters<Store['find']>[1] = {}): Promise<never> {
    const wanted = Object.entries(where);
    const ofKind = [...this.#records.values()].filter((record) => record.kind === kind);
    const fitting = ofKind.filter(({ index = {} }) =>
      wanted.every(([field, value]) => [index[field]].flat().includes(value)),
    );
    // In the order of their bytes, as databases sort: not in that of a language.
    const order = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
    const sorted = fitting
      .toSorted((a, b) => order(a.id, b.id))
      .filter(({ id }) => after === '' || order(id, after) > 0);
    const records = sorted.slice(0, limit);
    const last = records.at(-1);
    return (sorted.length > limit && last !== undefined ? { records, next: last.id } : { records }) as never;
  }

  async write(writes: readonly RecordWrite[], audit: readonly AuditEntry[] = []): Promise<number> {
    const before = { records: new Map(this.#records), changes: [...this.#changes], audit: [...this.#audit] };
    this.#audit.push(...audit);
    try {
      for (const write of writes) this.#write(write);
    } catch (error) {
      [this.#records, this.#changes, this.#audit] = [before.records, before.changes, before.audit];
      throw error;
    }
    for (const listener of this.#listeners) listener();
    return this.#changes.length;
  }

  #write({ kind, id, value, index, expect }: RecordWrite): void {
    const key = `${kind} ${id}`;
    const old = this.#records.get(key);
    const version = old?.version ?? 0;
    if (expect !== undefined && expect !== version) {
      throw new GatewayError('GW_CONFLICT', `${key} has version ${version}.`);
    }
    const now = this.#time++;
    if (value === undefined) this.#records.delete(key);
    else
      this.#records.set(key, {
        kind,
        id,
        version: version + 1,
        value,
        created: old?.created ?? now,
        updated: now,
        index,
      });
    this.#changes.push({
      sequence: this.#changes.length + 1,
      kind,
      id,
      version: value === undefined ? 0 : version + 1,
    });
  }

  async changes(after: number, limit = 1000): Promise<{ changes: Change[]; last: number }> {
    const found = this.#changes.filter(({ sequence }) => sequence > after);
    return { changes: found.slice(0, limit), last: this.#changes.length };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async audit({ kind, id, before = Infinity, limit = 100 }: Parameters<Store['audit']>[0]): Promise<AuditEntry[]> {
    const found = this.#audit.filter(
      (entry) => (kind ?? entry.kind) === entry.kind && (id ?? entry.id) === entry.id && entry.time < before,
    );
    return found.toReversed().slice(0, limit);
  }

  async addUsage(lines: Uint8Array): Promise<RowOutcome[]> {
    return usageRowsIn(lines).map((row) => this.#addRow(usageRowFromJson(row)));
  }

  #addRow(row: UsageRow): RowOutcome {
    const old = this.#rows.get(row.id);
    const replaces = old?.type === 'orphaned' && row.type === 'final';
    if (old !== undefined && !replaces) {
      if (row.late === true && old.type === row.type) this.#rows.set(row.id, { ...old, late: true });
      return 'duplicate';
    }
    if (old !== undefined) this.#post(old, -1n);
    this.#rows.set(row.id, old === undefined ? row : { ...row, late: true });
    this.#post(row, 1n);
    return old === undefined ? 'new' : 'replaced';
  }

  #post({ postings, time }: UsageRow, sign: bigint): void {
    for (const one of postings) {
      if (!isBudget(one)) continue;
      const { scope, unit, window, name, period, actual } = one;
      const key = JSON.stringify([scope, unit, window, name, period]);
      const sum = this.#rollups.get(key);
      const spent = (sum?.spent ?? 0n) + sign * actual;
      this.#rollups.set(key, { scope, unit, window, name, period, spent, touched: Math.max(time, sum?.touched ?? 0) });
    }
  }

  async rollups(scopes: readonly string[], since = 0): Promise<Rollup[]> {
    return [...this.#rollups.values()].filter(({ scope, touched }) => scopes.includes(scope) && touched >= since);
  }

  async usage(query: Parameters<Store['usage']>[0]): Promise<UsageRow[]> {
    const { before, limit = 100 } = query;
    const sorted = this.#matching(query).toSorted((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1));
    const from = before === undefined ? 0 : sorted.findIndex(({ id }) => id === before) + 1;
    return sorted.slice(from, from + limit);
  }

  async report(query: UsageQuery, by: readonly UsageField[]): Promise<UsageReportRow[]> {
    const groups = new Map<string, UsageRow[]>();
    if (by.length === 0) groups.set('[]', []);
    for (const row of this.#matching(query)) {
      const tags = by.includes('tag') ? (row.tags ?? []) : [''];
      for (const tag of tags) {
        const key = JSON.stringify(by.map((field) => (field === 'tag' ? tag : fieldOf(row, field))));
        groups.set(key, [...(groups.get(key) ?? []), row]);
      }
    }
    return [...groups].map(([key, rows]) => this.#sum(JSON.parse(key) as string[], by, rows));
  }

  #sum(values: readonly string[], by: readonly UsageField[], rows: readonly UsageRow[]): UsageReportRow {
    const requests = rows.filter(({ type }) => type !== 'adjustment');
    const total = (of: (row: UsageRow) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
    return {
      group: Object.fromEntries(by.map((field, n) => [field, values[n] ?? ''])),
      requests: requests.length,
      failures: requests.filter(({ result }) => result !== 'success').length,
      inputTokens: total(({ usage }) => (usage === undefined ? 0 : inputTokens(usage))),
      outputTokens: total(({ usage }) => (usage === undefined ? 0 : outputTokens(usage))),
      nanos: rows.reduce((sum, { nanos = 0n }) => sum + nanos, 0n),
    };
  }

  #matching({ id, kept, from = 0, until = Infinity, where = {} }: UsageQuery): UsageRow[] {
    return [...this.#rows.values()].filter(
      (row) =>
        (id === undefined || row.id === id) &&
        (kept === undefined || (row.kept === true && row.upstreamId === kept)) &&
        row.time >= from &&
        row.time < until &&
        Object.entries(where).every(([field, value]) =>
          field === 'tag' ? row.tags?.includes(value) === true : fieldOf(row, field as UsageField) === value,
        ),
    );
  }

  async epoch(): Promise<number> {
    return this.#epoch;
  }

  async raiseEpoch(from: number): Promise<number> {
    if (from === this.#epoch) this.#epoch++;
    return this.#epoch;
  }
}

function fieldOf(row: UsageRow, field: UsageField): string {
  if (field === 'day') return new Date(row.time).toISOString().slice(0, 10);
  const value = (row as unknown as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : '';
}
