/** Holds the books against the provider's bill: rows, their sums, and the state must say the same. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createGateway,
  definePlugin,
  silentLogger,
  type Balance,
  type Gateway,
  type Plugin,
  type State,
  type Store,
  type UsageRow,
} from '@gatewright/core';
import { z } from 'zod';
import type { Charge } from './biller.ts';
import { ledgerOf, NANOS, type Settings } from './composition.ts';

const TOTAL = { unit: 'nanos', window: { kind: 'total', name: 'total' } } as const;
const COUNTER = { scope: 'global', ...TOTAL } as const;

export interface Books {
  readonly rows: readonly UsageRow[];
  /** The sum of the store. */
  readonly stored: bigint;
  readonly state: Balance | undefined;
  /** The same for each user, where users have budgets. */
  readonly users?: readonly { readonly user: string; readonly state: Balance | undefined }[];
}

/** Looks into the books as a gateway of its own, which serves nobody. */
export class Auditor {
  readonly #gateway: Gateway;
  readonly #settings: Settings;
  readonly store: Store;
  readonly state: State;

  private constructor(gateway: Gateway, settings: Settings, store: Store, state: State) {
    this.#gateway = gateway;
    this.#settings = settings;
    this.store = store;
    this.state = state;
  }

  static async open(settings: Settings): Promise<Auditor> {
    let found: { store: Store; state: State } | undefined;
    const look = definePlugin({
      name: 'chaos-auditor',
      version: '1.0.0',
      engine: '^1',
      options: z.strictObject({}),
      uses: ['store', 'state'],
      setup({ use }) {
        found = { store: use('store'), state: use('state') };
      },
    }) as Plugin;
    const gateway = await createGateway({ plugins: [...ledgerOf(settings), { use: look }] }, { logger: silentLogger });
    if (found === undefined) throw new Error('The auditor was not set up.');
    return new Auditor(gateway, settings, found.store, found.state);
  }

  async close(): Promise<void> {
    await this.#gateway.close();
  }

  async books(): Promise<Books> {
    const rows: UsageRow[] = [];
    for (let page: readonly UsageRow[] = []; ;) {
      const before = rows.at(-1)?.id;
      page = await this.store.usage({ limit: 1000, ...(before === undefined ? {} : { before }) });
      rows.push(...page);
      if (page.length < 1000) break;
    }
    const sums = await this.store.rollups(['global']);
    const [state] = await this.state.balances([COUNTER]);
    const books = { rows, stored: sums.reduce((sum, { spent }) => sum + spent, 0n), state };
    if (this.#settings.ledger !== 'by-tenant') return books;
    const users = [...new Set(rows.flatMap(({ user }) => (user === undefined ? [] : [user])))];
    const states = await this.state.balances(users.map((user) => ({ scope: `user:${user}`, ...TOTAL })));
    return { ...books, users: users.map((user, index) => ({ user, state: states[index] })) };
  }

  /** Waits until the books say what the bill says. Answers what is wrong after `patience` milliseconds; nothing is right. */
  async settled(bill: readonly Charge[], patience: number): Promise<readonly string[]> {
    let wrong: readonly string[] = ['The books were not looked at.'];
    for (let waited = 0; waited <= patience; waited += 100) {
      wrong = await this.books().then(
        (books) => compare(books, bill),
        (error: unknown) => [`The books cannot be read: ${String(error)}`],
      );
      if (wrong.length === 0) return wrong;
      await sleep(100);
    }
    return wrong;
  }
}

/** Everything in which the books differ from the bill, in sentences. */
export function compare({ rows, stored, state, users = [] }: Books, bill: readonly Charge[]): string[] {
  const wrong: string[] = [];
  const billed = rows.filter(
    ({ result, nanos }) => result === 'success' || result === 'orphaned' || nanos !== undefined,
  );
  const byAnswer = new Map(billed.map((row) => [row.upstreamId, row]));
  let orphans = billed.filter(({ type }) => type === 'orphaned').length;
  for (const charge of bill) {
    const row = byAnswer.get(charge.id);
    const due = BigInt(charge.promptTokens) * NANOS.input + BigInt(charge.completionTokens) * NANOS.output;
    if (row === undefined) orphans--;
    else if (row.nanos !== due) wrong.push(`${charge.id} cost ${due}, and its row says ${row.nanos}.`);
  }
  if (orphans < 0) wrong.push(`${-orphans} charges of the provider have no row.`);
  if (orphans > 0) wrong.push(`${orphans} rows are of nothing that the provider charged.`);
  if (new Set(rows.map(({ id }) => id)).size !== rows.length) wrong.push('A row is there twice.');
  const sum = rows.reduce((total, { nanos = 0n }) => total + nanos, 0n);
  if (sum !== stored) wrong.push(`The rows come to ${sum}, and their stored sum is ${stored}.`);
  if (state === undefined) wrong.push('The state does not know the budget.');
  else {
    if (state.spent !== stored) wrong.push(`The state says that ${state.spent} is spent, and the store ${stored}.`);
    if (state.reserved !== 0n) wrong.push(`${state.reserved} is still reserved.`);
  }
  for (const { user, state: own } of users) {
    const used = rows.reduce((total, row) => (row.user === user ? total + (row.nanos ?? 0n) : total), 0n);
    if (own?.spent === used && own.reserved === 0n) continue;
    wrong.push(`${user} spent ${used}, and the state says ${own?.spent} and ${own?.reserved} reserved.`);
  }
  return wrong;
}
