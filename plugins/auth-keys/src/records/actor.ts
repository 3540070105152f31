/** Who manages records: what their key and their place in teams and organisations make of them. */
import type { Operation } from '@gatewright/core';
import type { Role } from './shapes.ts';

/** A caller of the management surface. */
export interface Actor {
  /** What the audit log calls them: a key's id, or a user. */
  readonly id: string;
  /** Absent: a key without a role. It may look at itself, and nothing else. */
  readonly role?: Role;
  /** The id of the key that they came with. */
  readonly key?: string;
  readonly user?: string;
  readonly team?: string;
  readonly organisation?: string;
  /** Teams and organisations that they are an admin of. */
  readonly leads: { readonly teams: readonly string[]; readonly organisations: readonly string[] };
  /** Teams and organisations that they belong to, those that they lead included. */
  readonly belongs: { readonly teams: readonly string[]; readonly organisations: readonly string[] };
  /** What their own key is confined to. Absent: nothing but what its owners are confined to. */
  readonly confines?: Confines;
}

/** What a key itself is confined to, its owners' confines left aside. */
export interface Confines {
  /** Names and patterns, access groups not resolved. */
  readonly models?: readonly string[];
  readonly accessGroups?: readonly string[];
  readonly operations?: readonly Operation[];
  readonly tags?: readonly string[];
  /** Unix milliseconds. */
  readonly expires?: number;
  /** It has budgets or limits of its own, which keys that it made would not count for. */
  readonly metered?: boolean;
}

const NOTHING = { teams: [], organisations: [] };

/** Whoever holds the key of the configuration: may do everything. */
export const ADMIN: Actor = { id: 'admin', role: 'admin', key: 'admin', leads: NOTHING, belongs: NOTHING };

const RANK: Readonly<Record<Role, number>> = { viewer: 1, user: 2, 'admin-viewer': 3, admin: 4 };

/** Which of two roles may do less. A viewer of everything may change nothing, so that below a user comes a viewer. */
export function lesser(one: Role, other: Role): Role {
  const pair = new Set<Role>([one, other]);
  if (pair.has('admin-viewer') && pair.has('user')) return 'viewer';
  return RANK[one] <= RANK[other] ? one : other;
}

/** Whether they may look at everything. */
export const seesAll = ({ role }: Actor): boolean => role === 'admin' || role === 'admin-viewer';
