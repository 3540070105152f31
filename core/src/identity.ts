/** Who is calling, and what they may use. */
import type { Operation } from './operations.ts';
import type { Rules } from './rules.ts';

export interface Identity {
  /** A stable, non-secret id of the key; never the key itself. */
  readonly key: string;
  /** A name for people. */
  readonly name?: string;
  readonly user?: string;
  readonly team?: string;
  readonly organisation?: string;
  readonly tags?: readonly string[];
  /** Models that may be used: names, patterns with `*`, or groups of the configuration, `@premium`. Absent means all. */
  readonly models?: readonly string[];
  readonly operations?: readonly Operation[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The client's own user, where the key's owner serves many. */
  readonly endUser?: string;
  /** What the caller may spend and use; meters enforce it. */
  readonly rules?: Rules;
}

/** The identity of everyone where no auth plugin is configured. */
export const ANONYMOUS: Identity = Object.freeze({ key: 'anonymous' });

/** Whether a name matches a pattern in which `*` stands for any characters. */
export function matchesPattern(pattern: string, name: string): boolean {
  if (pattern === name || pattern === '*') return true;
  if (!pattern.includes('*')) return false;
  const pieces = pattern.split('*');
  const first = pieces[0] as string;
  const last = pieces[pieces.length - 1] as string;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = name.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return from <= name.length - last.length;
}

/** What stands before the name of a group of models, in lists of what may be used. */
export const GROUP_MARK = '@';

/** Whether an identity may use a model: by its name, or by a group that it is in. No pattern but `*` stands for a group. */
export function mayUseModel({ models }: Identity, model: string, groups: readonly string[] = []): boolean {
  if (models === undefined || models.some((pattern) => matchesPattern(pattern, model))) return true;
  return groups.some((group) => models.includes(GROUP_MARK + group));
}

/** Whether an identity may use an operation. */
export function mayUseOperation(identity: Identity, operation: Operation): boolean {
  return identity.operations === undefined || identity.operations.includes(operation);
}
