/** The records of one kind: every change is checked, expects the version it was made from, and leaves an audit entry. */
import {
  GatewayError,
  isGatewayError,
  type AuditEntry,
  type Clock,
  type RecordPage,
  type RecordQuery,
  type RecordWrite,
  type Store,
  type StoredRecord,
} from '@gatewright/core';
import type { z } from 'zod';
import type { Kind } from './kinds.ts';

/** Who changes something, and on what condition. */
export interface Author {
  /** A key's id, a user or a process; stands in the audit log. Never a secret. */
  readonly actor: string;
  /** The version that the record must have. Absent: whichever it has. */
  readonly expect?: number;
  /** Throws where the author may not make this change. Sees what is there, and what is about to be written. */
  readonly allow?: (change: { readonly id: string; readonly before?: unknown; readonly after?: unknown }) => void;
}

/** A change of some fields: what is absent stays, null takes the field away. */
export type Patch<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/** How often a change is made anew where somebody else was faster. */
const TRIES = 5;

/** Kind of the records that make sure that something is there only once. */
export const CLAIM = 'claim';

export class Collection<T extends object> {
  readonly kind: string;
  readonly #kind: Kind<T>;
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(kind: Kind<T>, store: Store, clock: Clock) {
    this.kind = kind.kind;
    this.#kind = kind;
    this.#store = store;
    this.#clock = clock;
  }

  get(id: string): Promise<StoredRecord<T> | undefined> {
    return this.#store.get<T>(this.kind, id);
  }

  /** Throws `GW_NOT_FOUND`. */
  async need(id: string): Promise<StoredRecord<T>> {
    const record = await this.get(id);
    if (record === undefined) throw new GatewayError('GW_NOT_FOUND', `There is no ${this.kind} "${id}".`);
    return record;
  }

  find(query?: RecordQuery): Promise<RecordPage<T>> {
    return this.#store.find<T>(this.kind, query);
  }

  /** Throws `GW_BAD_REQUEST` where the value has not its kind's shape, `GW_CONFLICT` where the id is taken. */
  async create(id: string, value: unknown, author: Author): Promise<StoredRecord<T>> {
    const after = this.#parse(value);
    author.allow?.({ id, after });
    await this.#write(id, undefined, after, author, 'create');
    const now = this.#clock.now();
    return { kind: this.kind, id, version: 1, value: after, created: now, updated: now };
  }

  /**
   * Changes some fields, or all of them by a function. Made anew where somebody else changed the record meanwhile, unless
   * the author expects a version. Throws `GW_NOT_FOUND`, `GW_BAD_REQUEST` or `GW_CONFLICT`.
   */
  async update(
    id: string,
    change: Patch<T> | ((value: T) => unknown),
    author: Author,
    action = 'update',
  ): Promise<StoredRecord<T>> {
    return this.#retried(author, async () => {
      const before = await this.#current(id, author);
      const changed = typeof change === 'function' ? change(before.value) : patched(before.value, change);
      const after = this.#parse(changed);
      author.allow?.({ id, before: before.value, after });
      await this.#write(id, before, after, author, action);
      return { ...before, version: before.version + 1, value: after, updated: this.#clock.now() };
    });
  }

  /** Answers what was deleted. Throws `GW_NOT_FOUND` or `GW_CONFLICT`. */
  delete(id: string, author: Author): Promise<StoredRecord<T>> {
    return this.#retried(author, async () => {
      const before = await this.#current(id, author);
      author.allow?.({ id, before: before.value });
      await this.#write(id, before, undefined, author, 'delete');
      return before;
    });
  }

  block(id: string, blocked: boolean, author: Author): Promise<StoredRecord<T>> {
    return this.update(id, (value) => ({ ...value, blocked }), author, blocked ? 'block' : 'unblock');
  }

  async #retried<R>(author: Author, attempt: () => Promise<R>): Promise<R> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        const again = isGatewayError(error) && error.code === 'GW_CONFLICT' && author.expect === undefined;
        if (!again || tries === TRIES) throw error;
      }
    }
  }

  async #current(id: string, { expect }: Author): Promise<StoredRecord<T>> {
    const before = await this.need(id);
    if (expect === undefined || expect === before.version) return before;
    const message = `The ${this.kind} "${id}" has version ${before.version}, and version ${expect} was expected.`;
    throw new GatewayError('GW_CONFLICT', message);
  }

  #parse(value: unknown): T {
    const result = this.#kind.shape.safeParse(value);
    if (result.success) return result.data;
    throw badValue(this.kind, result.error.issues);
  }

  async #write(
    id: string,
    before: StoredRecord<T> | undefined,
    after: T | undefined,
    { actor }: Author,
    action: string,
  ): Promise<void> {
    const { kind } = this;
    const shown = (value: T): unknown => this.#kind.shown?.(value) ?? value;
    const entry: AuditEntry = {
      time: this.#clock.now(),
      actor,
      action: `${kind}.${action}`,
      kind,
      id,
      ...(before === undefined ? {} : { before: shown(before.value) }),
      ...(after === undefined ? {} : { after: shown(after) }),
    };
    const write: RecordWrite = {
      kind,
      id,
      expect: before?.version ?? 0,
      ...(after === undefined ? {} : { value: after, index: this.#kind.index(after) }),
    };
    await this.#store.write([...this.#claims(id, before?.value, after), write], [entry]);
  }

  /** Claims that are new must not exist yet; those that are no longer held are given back. */
  #claims(id: string, before: T | undefined, after: T | undefined): RecordWrite[] {
    const claims = (value: T | undefined): readonly string[] =>
      value === undefined ? [] : (this.#kind.claims?.(value) ?? []);
    const [had, has] = [new Set(claims(before)), new Set(claims(after))];
    return [
      ...[...had].filter((claim) => !has.has(claim)).map((claim) => ({ kind: CLAIM, id: claim })),
      ...[...has]
        .filter((claim) => !had.has(claim))
        .map((claim) => ({ kind: CLAIM, id: claim, value: { id }, expect: 0 })),
    ];
  }
}

function patched<T extends object>(value: T, patch: Patch<T>): unknown {
  const given = Object.entries(patch).filter(([, field]) => field !== undefined);
  const merged = Object.entries({ ...value, ...Object.fromEntries(given) });
  return Object.fromEntries(merged.filter(([, field]) => field !== null));
}

function badValue(kind: string, issues: readonly z.core.$ZodIssue[]): GatewayError {
  const told = issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
  const param = issues[0]?.path.join('.');
  const details = param === undefined || param === '' ? {} : { param };
  return new GatewayError('GW_BAD_REQUEST', `This is no ${kind}: ${told.join('; ')}`, details);
}
