/** Corrections of what was spent: refunds, imports, resets. Each is a row of its own, booked once however often it is asked for. */
import { isDeepStrictEqual } from 'node:util';
import {
  GatewayError,
  isGatewayError,
  matchesPattern,
  usageLinesOf,
  type Posting,
  type UsageRow,
} from '@gatewright/core';
import type { Desk } from './desk.ts';
import { toExact, toNanos, type Dollars } from './dollars.ts';
import { scopeOf, type Holder } from './scopes.ts';
import type { Counted, Place } from './standing.ts';

/** Kind of the records that say what an adjustment books, so that doing it again books the same. */
const KIND = 'adjustment';

/** Whom an adjustment is for. */
export interface Subjects {
  readonly key?: string | undefined;
  readonly user?: string | undefined;
  readonly team?: string | undefined;
  readonly organisation?: string | undefined;
  readonly endUser?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Reaches the budgets that are for this model, or for it together with one of the others. */
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  /** More counters by their names: `team:red model:smart`. */
  readonly scopes?: readonly string[] | undefined;
  /** An attempt: what it was billed to, in the periods in which it was. */
  readonly request?: string | undefined;
}

export interface Adjustment extends Subjects {
  readonly actor: string;
  /** The same id never books twice. */
  readonly id: string;
  readonly amount: Dollars;
  readonly reason: string;
}

/** What a record of an adjustment holds. */
interface Planned {
  readonly amount: string;
  readonly reason: string;
  readonly time: number;
  readonly subjects: Subjects;
  readonly postings: readonly (Omit<Posting, 'held' | 'actual'> & { readonly actual: string })[];
}

export interface Booked {
  readonly id: string;
  /** Nano-dollars. */
  readonly amount: bigint;
  /** It had been booked before. */
  readonly duplicate: boolean;
  readonly postings: readonly Posting[];
}

export class Adjustments {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Adds an amount to everything that counts for its subjects; less than nothing is a refund. */
  async add(adjustment: Adjustment): Promise<Booked> {
    const amount = toNanos(adjustment.amount);
    const row = adjustment.request === undefined ? undefined : await this.#rowOf(adjustment.request);
    const about = row === undefined ? adjustment : { ...aboutRow(row), ...given(adjustment) };
    const booked = await this.#book(about, amount, async () => {
      const own =
        row === undefined ? [] : billed(row).map((one) => Object.assign({}, one, { held: 0n, actual: amount }));
      const places = await this.#placesOf(about);
      const others = places.filter((place) => !own.some((one) => isAt(one, place)));
      return [...own, ...others.map((place) => postingAt(place, amount))];
    });
    if (booked.amount === amount) return booked;
    const message = `This idempotency key was used for an adjustment of ${toExact(booked.amount)} dollars.`;
    throw new GatewayError('GW_CONFLICT', message);
  }

  /** Sets what budgets of a holder have spent in their current windows, in nano-dollars; without budgets, what was `ever` spent. */
  async reset(
    budgets: readonly Counted[],
    to: bigint,
    about: Omit<Adjustment, 'amount'>,
    ever: () => Promise<bigint>,
  ): Promise<Booked> {
    const { standings } = this.#desk;
    const places = distinct(budgets.map((one) => standings.place(one.scope, one.terms)));
    const balances = await standings.balances(places);
    const postings = places.flatMap((place, index) => {
      const difference = to - (balances[index]?.spent ?? 0n);
      return difference === 0n ? [] : [postingAt(place, difference)];
    });
    const amount = postings[0]?.actual ?? (budgets.length === 0 ? to - (await ever()) : 0n);
    return this.#book(about, amount, () => Promise.resolve(postings));
  }

  /** First it is written down what will be booked; then it is booked, by the same id in the store and in the state. */
  async #book(
    about: Omit<Adjustment, 'amount'>,
    amount: bigint,
    work: () => Promise<readonly Posting[]>,
  ): Promise<Booked> {
    const { store, state } = this.#desk.parts;
    const id = `adj_${about.id}`;
    const before = await store.get<Planned>(KIND, id);
    const plan = before?.value ?? (await this.#plan(id, about, amount, await work()));
    if (before !== undefined && !isDeepStrictEqual(before.value.subjects, subjectsOf(about))) {
      throw new GatewayError(
        'GW_CONFLICT',
        'This idempotency key was used for an adjustment of somebody else’s spend.',
      );
    }
    const row = rowOf(id, plan);
    await store.addUsage(usageLinesOf([row]));
    await state?.settle(id, row.postings);
    return { id, amount: row.nanos ?? 0n, duplicate: before !== undefined, postings: row.postings };
  }

  async #plan(
    id: string,
    { actor, reason, ...rest }: Omit<Adjustment, 'amount'>,
    amount: bigint,
    postings: readonly Posting[],
  ): Promise<Planned> {
    const { store } = this.#desk.parts;
    const time = this.#desk.now();
    const plan: Planned = {
      amount: amount.toString(),
      reason,
      time,
      subjects: subjectsOf(rest),
      postings: postings.map(({ held: _held, actual, ...place }) => ({ ...place, actual: actual.toString() })),
    };
    const after = { amount: toExact(amount), reason, ...plan.subjects, scopes: postings.map(({ scope }) => scope) };
    const entry = { time, actor, action: 'spend.adjust', kind: KIND, id, after };
    try {
      await store.write([{ kind: KIND, id, value: plan, expect: 0 }], [entry]);
      return plan;
    } catch (error) {
      // Somebody else asked for the same at the same time: theirs is booked.
      const theirs =
        isGatewayError(error) && error.code === 'GW_CONFLICT' ? await store.get<Planned>(KIND, id) : undefined;
      if (theirs === undefined) throw error;
      return theirs.value;
    }
  }

  async #rowOf(request: string): Promise<UsageRow> {
    const [row] = await this.#desk.parts.store.usage({ id: request, limit: 1 });
    if (row !== undefined) return row;
    throw new GatewayError('GW_NOT_FOUND', `request_id: no row has the id "${request}".`, {
      help: 'GET /spend/logs shows the ids of attempts as request_id.',
    });
  }

  /** The counters of all subjects: of their budgets' records, and whatever else was counted in their names. */
  async #placesOf(subjects: Subjects): Promise<Place[]> {
    const { standings, parts } = this.#desk;
    const holders = subjects.request === undefined ? holdersOf(subjects) : [];
    const budgets = await Promise.all(holders.map(([holder, id]) => this.#countedFor(holder, id, subjects.model)));
    const named = subjects.scopes ?? [];
    // The counters of an attempt are known one by one, and need no guess of others.
    const guessed = subjects.request === undefined ? combined(subjects) : [];
    const sums = await parts.store.rollups([...new Set([...guessed, ...named])]);
    const missing = named.find((scope) => !sums.some((sum) => sum.scope === scope));
    if (missing !== undefined) {
      throw new GatewayError('GW_BAD_REQUEST', `scopes: nothing was ever counted under "${missing}".`, {
        param: 'scopes',
        help: 'Write it as the budget does, as in /spend/logs or in the error of a budget: `team:red model:smart`.',
      });
    }
    const known = sums
      .filter(({ unit, window }) => unit === 'nanos' && (window === 'periods' || window === 'total'))
      .map(({ scope, name }) => {
        const [window = 'total', timeZone] = name.split('@');
        return standings.place(scope, timeZone === undefined ? { window } : { window, timeZone });
      });
    return distinct([...budgets.flat().map((one) => standings.place(one.scope, one.terms)), ...known]);
  }

  /** Budgets for single models are left alone where nobody says which model it was. */
  async #countedFor(holder: Holder, id: string, model: string | undefined): Promise<Counted[]> {
    const { records } = this.#desk;
    const collections = {
      key: records.keys.records,
      user: records.users,
      team: records.teams,
      organisation: records.organisations,
      endUser: records.customers,
      tag: records.tags,
    };
    const record = await collections[holder].get(id);
    if (record === undefined) return [];
    const counted = await this.#desk.counted(holder, id, record.value);
    const isFor = (pattern: string): boolean => model !== undefined && matchesPattern(pattern, model);
    return counted.filter(({ terms }) => terms.models?.some(isFor) ?? true);
  }
}

/** Only what is named: what a store gives back has no fields without values. */
function subjectsOf(subjects: Subjects): Subjects {
  const { key, user, team, organisation, endUser, tags, model, provider, scopes, request } = subjects;
  const all = Object.entries({ key, user, team, organisation, endUser, tags, model, provider, scopes, request });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}

function holdersOf({ key, user, team, organisation, endUser, tags = [] }: Subjects): [Holder, string][] {
  const named: [Holder, string | undefined][] = [
    ['key', key],
    ['user', user],
    ['team', team],
    ['organisation', organisation],
    ['endUser', endUser],
    ...tags.map((tag): [Holder, string] => ['tag', tag]),
  ];
  return named.filter((one): one is [Holder, string] => one[1] !== undefined);
}

/** What an attempt was billed to. */
function billed({ postings }: UsageRow): Posting[] {
  return postings.filter(({ kind, unit }) => kind === 'budget' && unit === 'nanos');
}

function aboutRow({ key, user, team, organisation, endUser, tags, model, provider }: UsageRow): Subjects {
  return { key, user, team, organisation, endUser, tags, model, provider };
}

/** Without the fields that say nothing. */
function given(adjustment: Adjustment): Adjustment {
  return Object.fromEntries(Object.entries(adjustment).filter(([, value]) => value !== undefined)) as never;
}

/** The scopes of the subjects: each by itself, and each with each, in either order, as budgets may name them. */
function combined(subjects: Subjects): string[] {
  const { model, provider } = subjects;
  const single = holdersOf(subjects).map(([holder, id]) => scopeOf(holder, id));
  if (model !== undefined) single.push(scopeOf('model', model));
  if (provider !== undefined) single.push(scopeOf('provider', provider));
  const pairs = single.flatMap((one) => single.filter((other) => other !== one).map((other) => `${one} ${other}`));
  return ['global', ...single, ...pairs];
}

function isAt(posting: Posting, { scope, unit, window, period }: Place): boolean {
  const { name } = window;
  return posting.scope === scope && posting.unit === unit && posting.name === name && posting.period === period;
}

function postingAt({ scope, unit, window, period }: Place, actual: bigint): Posting {
  return { scope, unit, window: window.kind, name: window.name, period, kind: 'budget', held: 0n, actual };
}

function distinct(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [`${place.scope}\n${place.unit}\n${place.window.name}`, place])).values()];
}

function rowOf(id: string, { amount, reason, time, subjects, postings }: Planned): UsageRow {
  const { key = '', user, team, organisation, endUser, tags, model = '', provider = '' } = subjects;
  return {
    id,
    type: 'adjustment',
    exchange: id,
    time,
    operation: 'adjustment',
    model,
    provider,
    upstreamModel: '',
    key,
    ...(user === undefined ? {} : { user }),
    ...(team === undefined ? {} : { team }),
    ...(organisation === undefined ? {} : { organisation }),
    ...(endUser === undefined ? {} : { endUser }),
    ...(tags === undefined ? {} : { tags }),
    result: 'success',
    status: 200,
    stream: false,
    usageComplete: true,
    nanos: BigInt(amount),
    price: reason,
    duration: 0,
    postings: postings.map((one) => ({ ...one, held: 0n, actual: BigInt(one.actual) })),
  };
}
