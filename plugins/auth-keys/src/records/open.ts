/** All records of a store, by kind. */
import type { Clock, Store } from '@gatewright/core';
import { Collection } from './collection.ts';
import { Keys } from './keys.ts';
import { ACCESS_GROUP, BUDGET, CUSTOMER, ORGANISATION, TAG, TEAM, USER } from './kinds.ts';
import type { AccessGroup, Budget, Customer, Organisation, Tag, Team, User } from './shapes.ts';

export interface Records {
  readonly keys: Keys;
  readonly users: Collection<User>;
  readonly teams: Collection<Team>;
  readonly organisations: Collection<Organisation>;
  readonly budgets: Collection<Budget>;
  readonly customers: Collection<Customer>;
  readonly tags: Collection<Tag>;
  readonly accessGroups: Collection<AccessGroup>;
}

export function openRecords(store: Store, clock: Clock): Records {
  return {
    keys: new Keys(store, clock),
    users: new Collection(USER, store, clock),
    teams: new Collection(TEAM, store, clock),
    organisations: new Collection(ORGANISATION, store, clock),
    budgets: new Collection(BUDGET, store, clock),
    customers: new Collection(CUSTOMER, store, clock),
    tags: new Collection(TAG, store, clock),
    accessGroups: new Collection(ACCESS_GROUP, store, clock),
  };
}
