/** The service `store`: durable records, the change log that replicas follow, and the rows of usage with their sums. */
import type { Posting } from './state.ts';
import type { Usage } from './usage.ts';

/** A record: a key, a team, a user, a budget, … A JSON value under a kind and an id. */
export interface StoredRecord<T = unknown> {
  readonly kind: string;
  readonly id: string;
  /** 1 for the first; every write adds 1. */
  readonly version: number;
  readonly value: T;
  /** Unix milliseconds. */
  readonly created: number;
  readonly updated: number;
}

/** One write of a batch. Without a value the record is deleted. */
export interface RecordWrite {
  readonly kind: string;
  readonly id: string;
  readonly value?: unknown;
  /** The fields by which it can be found again; they replace those of the last write. */
  readonly index?: Readonly<Record<string, string | readonly string[]>>;
  /** The version that the record must have; 0: it must not exist. Absent: any. */
  readonly expect?: number;
}

/** Who changed what; written in the same transaction as the change. It holds no secrets. */
export interface AuditEntry {
  /** Unix milliseconds. */
  readonly time: number;
  /** The key id, user or process that did it. */
  readonly actor: string;
  /** `key.create`, `team.update`, … */
  readonly action: string;
  readonly kind: string;
  readonly id: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Which records to find: those whose index fields have these values. */
export interface RecordQuery {
  readonly where?: Readonly<Record<string, string>>;
  /** The id after which to go on; records come in the order of their ids. */
  readonly after?: string;
  /** Default 100, at most 1,000. */
  readonly limit?: number;
}

export interface RecordPage<T = unknown> {
  readonly records: readonly StoredRecord<T>[];
  /** The `after` of the next page; absent on the last. */
  readonly next?: string;
}

/** One entry of the change log. */
export interface Change {
  /** Grows by at least 1 with every change; never handed out before all lower ones can be read. */
  readonly sequence: number;
  readonly kind: string;
  readonly id: string;
  /** The version written; 0 where the record was deleted. */
  readonly version: number;
}

/** What one attempt used and cost, or a correction. Its id is the attempt's. */
export interface UsageRow {
  readonly id: string;
  /**
   * `final`: as the attempt ended. `orphaned`: from the hold of a process that died; a later final row replaces it once.
   * `adjustment`: a refund, an import, a reset.
   */
  readonly type: 'final' | 'orphaned' | 'adjustment';
  /** The exchange's id. */
  readonly exchange: string;
  /** Unix milliseconds. */
  readonly time: number;
  readonly operation: string;
  readonly surface?: string;
  /** The model that the client asked for, and the target that answered. */
  readonly model: string;
  readonly provider: string;
  readonly upstreamModel: string;
  readonly key: string;
  readonly user?: string;
  readonly team?: string;
  readonly organisation?: string;
  readonly endUser?: string;
  readonly tags?: readonly string[];
  readonly result: string;
  readonly status: number;
  readonly stream: boolean;
  readonly usage?: Omit<Usage, 'raw'>;
  readonly usageComplete: boolean;
  /** Nano-dollars; absent where the target has no price. */
  readonly nanos?: bigint;
  readonly price?: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly timeToFirstToken?: number;
  /** The provider's own id of the answer: what its bill can be held against. */
  readonly upstreamId?: string;
  /** The provider keeps the answer under `upstreamId`; the store finds the row by it. */
  readonly kept?: true;
  /** Settled after its lease had ended, or after a period that it was billed to. */
  readonly late?: boolean;
  /** What was posted to which counter; the sums per (scope, unit, window, period) are made of these. */
  readonly postings: readonly Posting[];
  readonly error?: { readonly code: string; readonly message: string };
}

/**
 * What became of a row. `duplicate` changed nothing, besides that a row which says it is `late` marks the one that is there.
 * `replaced` took an orphaned row's place, moved the sums by the difference, and is late by that.
 */
export type RowOutcome = 'new' | 'duplicate' | 'replaced';

/** A counter's durable sum. */
export interface RollupKey {
  readonly scope: string;
  readonly unit: string;
  /** The window's kind and name. */
  readonly window: Posting['window'];
  readonly name: string;
  readonly period: string;
}

export interface Rollup extends RollupKey {
  readonly spent: bigint;
}

export type UsageField =
  | 'key'
  | 'user'
  | 'team'
  | 'organisation'
  | 'endUser'
  | 'tag'
  | 'model'
  | 'provider'
  | 'upstreamModel'
  | 'operation'
  | 'result'
  | 'day';

export interface UsageQuery {
  /** Only the row of this attempt or correction. */
  readonly id?: string;
  /** Only rows of the answer that its provider keeps under this id. */
  readonly kept?: string;
  /** Unix milliseconds: from inclusive, until exclusive. */
  readonly from?: number;
  readonly until?: number;
  readonly where?: { readonly [F in Exclude<UsageField, 'day'>]?: string };
}

export interface UsageReportRow {
  /** The values of the fields that were grouped by; '' where a row has none. */
  readonly group: Readonly<Partial<Record<UsageField, string>>>;
  readonly requests: number;
  readonly failures: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly nanos: bigint;
}

/** Durable records. All methods reject with `GW_STORE_UNAVAILABLE` where the store cannot be reached. */
export interface Store {
  get<T = unknown>(kind: string, id: string): Promise<StoredRecord<T> | undefined>;
  find<T = unknown>(kind: string, query?: RecordQuery): Promise<RecordPage<T>>;
  /** All writes and audit entries, or none. Rejects with `GW_CONFLICT` where an `expect` does not hold. Answers the log's last sequence. */
  write(writes: readonly RecordWrite[], audit?: readonly AuditEntry[]): Promise<number>;
  /** The change log behind a sequence, oldest first. `last` is where the log stands, also where nothing is new. */
  changes(after: number, limit?: number): Promise<{ readonly changes: readonly Change[]; readonly last: number }>;
  /** Calls the listener soon after something changed, as far as the store can tell; a hint to read the log. The answer ends it. */
  onChange(listener: () => void): () => void;
  audit(query: {
    readonly kind?: string;
    readonly id?: string;
    readonly before?: number;
    readonly limit?: number;
  }): Promise<readonly AuditEntry[]>;
  /**
   * Adds rows, as the lines that `usageLinesOf` makes of them, and their postings of budgets to the sums, in one transaction.
   * Idempotent by row id. One outcome for each row. (As bytes, since rows come in their thousands, and wait, and go to other
   * threads: `usageRowsIn` reads them.) Others may be written over them once this has settled.
   */
  addUsage(lines: Uint8Array): Promise<readonly RowOutcome[]>;
  /** The sums of scopes; with `since`, only those that had a posting from then on (Unix milliseconds). */
  rollups(scopes: readonly string[], since?: number): Promise<readonly Rollup[]>;
  /** Rows, newest first; `before` is the id of the last row of the page before. Default 100, at most 1,000. */
  usage(query: UsageQuery & { readonly before?: string; readonly limit?: number }): Promise<readonly UsageRow[]>;
  /** Sums of rows by fields; must not hold up requests. */
  report(query: UsageQuery, by: readonly UsageField[]): Promise<readonly UsageReportRow[]>;
  /** The epoch of the state's rebuilds: which state the sums were last given to. */
  epoch(): Promise<number>;
  /** Adds 1 where the epoch is still `from`. Answers the epoch that holds now. */
  raiseEpoch(from: number): Promise<number>;
}
