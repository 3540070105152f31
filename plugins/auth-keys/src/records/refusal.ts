/** Refusals of changes that somebody may not make, and comparisons that lead to them. */
import { isDeepStrictEqual } from 'node:util';
import { GatewayError } from '@gatewright/core';
import type { Actor } from './actor.ts';

/** A change as a `Collection` shows it before it writes. */
export interface Change<T> {
  readonly id: string;
  readonly before?: T;
  readonly after?: T;
}

export const refusal = (message: string, help?: string): GatewayError =>
  new GatewayError('GW_FORBIDDEN', message, help === undefined ? {} : { help });

/** Throws where somebody may change nothing at all. */
export function checkWrites(actor: Actor): void {
  if (actor.role === 'admin' || actor.role === 'user') return;
  const what = actor.role === undefined ? 'This key has no role' : `The role "${actor.role}" may only look`;
  throw refusal(`${what}, so it may change nothing.`, 'Ask an admin for a key with the role "user" or "admin".');
}

/** Throws where somebody is no admin. */
export function checkAdmin(actor: Actor): void {
  if (actor.role !== 'admin') throw refusal('Only an admin may do this.');
}

/** Throws where one of the fields has changed. */
export function checkSame<T extends object>(before: T, after: T, fields: readonly (keyof T)[], what: string): void {
  const changed = fields.find((field) => !isDeepStrictEqual(before[field], after[field]));
  if (changed !== undefined) throw refusal(`${what} "${String(changed)}".`);
}

/** Throws where anything else than the free fields has changed. */
export function checkOnly<T extends object>(before: T, after: T, free: readonly string[], what: string): void {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const field of free) fields.delete(field);
  checkSame(before, after, [...fields] as (keyof T)[], what);
}
