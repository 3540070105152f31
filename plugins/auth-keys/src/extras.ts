/** What a request says of itself besides its key: whose end user it is for, and tags. */
import type { Identity, Rules } from '@gatewright/core';
import { budgetsOf, checkBlocked, subject, type Holder, type Refuse, type Refused } from './holder.ts';
import { CUSTOMER, TAG } from './records/kinds.ts';
import type { Customer, Tag } from './records/shapes.ts';
import type { Parts } from './resolutions.ts';
import { RuleList } from './rules.ts';
import type { RecordSource } from './source.ts';

/** What a request brings. */
export interface Brought {
  readonly endUser?: string | undefined;
  readonly tags?: readonly string[];
}

/** What follows from it. */
export interface Extras extends Brought {
  readonly rules?: Rules;
  readonly refused?: Refused;
}

/** One name for the same end user and tags. */
export const nameOf = ({ endUser, tags = [] }: Brought): string => JSON.stringify([endUser ?? null, ...tags]);

/** Reads what is known of an end user and of tags. Nobody has to be known. Rejects with `GW_STORE_UNAVAILABLE`. */
export async function extrasOf(
  name: string,
  source: RecordSource,
  parts: Parts,
  everyEndUser: string | undefined,
): Promise<Extras> {
  const [endUser, ...tags] = JSON.parse(name) as [string | null, ...string[]];
  const list = new RuleList();
  let refused: Refused | undefined;
  const refuse: Refuse = (reason) => (refused ??= reason);
  const add = async (dimension: string, id: string, holder: Holder): Promise<void> => {
    checkBlocked(dimension === 'tag' ? `The tag "${id}"` : `The end user "${id}"`, holder, refuse);
    list.add(subject(dimension, id), holder, await budgetsOf(holder, source, parts, refuse));
  };
  if (endUser !== null) {
    const customer = await source.read<Customer>(CUSTOMER.kind, endUser, parts);
    await add('endUser', endUser, withDefault(customer, everyEndUser));
  }
  for (const tag of tags) {
    const record = await source.read<Tag>(TAG.kind, tag, parts);
    if (record !== undefined) await add('tag', tag, record);
  }
  const rules = list.rules();
  return Object.freeze({
    ...(endUser === null ? {} : { endUser }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(rules === undefined ? {} : { rules }),
    ...(refused === undefined ? {} : { refused }),
  });
}

/** End users who have no terms of their own are under those for everyone. */
function withDefault(customer: Customer | undefined, everyEndUser: string | undefined): Holder {
  const { budgets = [], limits = [], budgetIds = [] } = customer ?? {};
  const bare = budgets.length + limits.length + budgetIds.length === 0;
  if (!bare || everyEndUser === undefined) return customer ?? {};
  return { ...customer, budgetIds: [everyEndUser] };
}

/** What was made last with the extras: one end user mostly comes with one key, again and again. */
const made = new WeakMap<Extras, { readonly of: Identity; readonly identity: Identity }>();

/** An identity with what the request says of itself: the same object for the same two, so that meters know it again. */
export function extended(identity: Identity, extras: Extras): Identity {
  const last = made.get(extras);
  if (last?.of === identity) return last.identity;
  const together = combined(identity, extras);
  made.set(extras, { of: identity, identity: together });
  return together;
}

function combined(identity: Identity, { endUser, tags = [], rules }: Extras): Identity {
  const list = new RuleList();
  if (rules !== undefined) {
    list.addAll(identity.rules ?? {});
    list.addAll(rules);
  }
  const all = rules === undefined ? identity.rules : list.rules();
  return Object.freeze({
    ...identity,
    ...(endUser === undefined ? {} : { endUser }),
    ...(tags.length === 0 ? {} : { tags: [...new Set([...(identity.tags ?? []), ...tags])] }),
    ...(all === undefined ? {} : { rules: all }),
  });
}
