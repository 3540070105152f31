/** The kinds of records: their shapes, and under what they are found. */
import type { z } from 'zod';
import { keyClaims, keyIndex, keyShape, present, publicKey, type Key } from './key.ts';
import {
  accessGroupShape,
  budgetShape,
  customerShape,
  organisationShape,
  tagShape,
  teamShape,
  userShape,
  type AccessGroup,
  type Budget,
  type Customer,
  type Organisation,
  type Tag,
  type Team,
  type User,
} from './shapes.ts';

export interface Kind<T> {
  /** The store's name of it. */
  readonly kind: string;
  readonly shape: z.ZodType<T>;
  /** The fields by which `find` can ask. */
  index(value: T): Readonly<Record<string, string | readonly string[]>>;
  /** What no two records may share. */
  claims?(value: T): readonly string[];
  /** What an audit entry may show. */
  shown?(value: T): unknown;
}

export const KEY: Kind<Key> = {
  kind: 'key',
  shape: keyShape,
  index: keyIndex,
  claims: keyClaims,
  shown: publicKey,
};

export const USER: Kind<User> = {
  kind: 'user',
  shape: userShape,
  index: ({ email, role, alias }) => present({ email, role, alias }),
};

export const TEAM: Kind<Team> = {
  kind: 'team',
  shape: teamShape,
  index: ({ alias, organisation, members }) => ({
    ...present({ alias, organisation }),
    member: members.map(({ user }) => user),
  }),
};

export const ORGANISATION: Kind<Organisation> = {
  kind: 'organisation',
  shape: organisationShape,
  index: ({ alias, members }) => ({ ...present({ alias }), member: members.map(({ user }) => user) }),
};

export const BUDGET: Kind<Budget> = { kind: 'budget', shape: budgetShape, index: ({ alias }) => present({ alias }) };

export const CUSTOMER: Kind<Customer> = {
  kind: 'customer',
  shape: customerShape,
  index: ({ alias }) => present({ alias }),
};

export const TAG: Kind<Tag> = { kind: 'tag', shape: tagShape, index: () => ({}) };

export const ACCESS_GROUP: Kind<AccessGroup> = {
  kind: 'access-group',
  shape: accessGroupShape,
  index: ({ models }) => ({ model: models }),
};
