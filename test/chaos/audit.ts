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

/** The books held against the bill. */
export interface Audit {
  /** What the provider charged for, and what that comes to in nano-dollars. */
  readonly charges: number;
  readonly due: bigint;
  /** Rows of what was charged; of them, those of attempts whose process had died. */
  readonly rows: number;
  readonly orphaned: number;
  /** Charges without a row, and rows without a charge. */
  readonly lost: number;
  /** Nano-dollars by which bill, rows, sums and state differ, and those that stayed reserved. */
  readonly adrift: bigint;
  /** The same in sentences; empty where all is right. */
  readonly wrong: readonly string[];
}

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

  settled(bill: readonly Charge[], patience: number, unsent = 0): Promise<Audit> {
    return settled(() => this.books(), bill, patience, unsent);
  }
}

/** Waits until the books say what the bill says. Answers how they are after `patience` milliseconds where they never do. */
export async function settled(
  look: () => Promise<Books>,
  bill: readonly Charge[],
  patience: number,
  unsent = 0,
): Promise<Audit> {
  for (let waited = 0; ; waited += 100) {
    const audit = await look().then(
      (books) => compare(books, bill, unsent),
      (error: unknown) => unread(bill, error),
    );
    if (audit.wrong.length === 0 || waited >= patience) return audit;
    await sleep(100);
  }
}

const dueFor = ({ promptTokens, completionTokens }: Charge): bigint =>
  BigInt(promptTokens) * NANOS.input + BigInt(completionTokens) * NANOS.output;

function unread(bill: readonly Charge[], error: unknown): Audit {
  const due = bill.reduce((sum, charge) => sum + dueFor(charge), 0n);
  const wrong = [`The books cannot be read: ${String(error)}`];
  return { charges: bill.length, due, rows: 0, orphaned: 0, lost: bill.length, adrift: due, wrong };
}

/**
 * Everything in which the books differ from the bill. Nobody can say of a process that died with a hold whether it had asked the
 * provider: of so many attempts, `unsent`, there may be rows though it never did.
 */
export function compare({ rows, stored, state, users = [] }: Books, bill: readonly Charge[], unsent = 0): Audit {
  const wrong: string[] = [];
  let [due, adrift, missing] = [0n, 0n, 0];
  const differ = (one: bigint, other: bigint, said: string): void => {
    if (one === other) return;
    adrift += one > other ? one - other : other - one;
    wrong.push(said);
  };
  const billed = rows.filter(
    ({ result, nanos }) => result === 'success' || result === 'orphaned' || nanos !== undefined,
  );
  const byAnswer = new Map(billed.map((row) => [row.upstreamId, row]));
  for (const charge of bill) {
    const row = byAnswer.get(charge.id);
    const cost = dueFor(charge);
    due += cost;
    if (row === undefined) missing++;
    else differ(row.nanos ?? 0n, cost, `${charge.id} cost ${cost}, and its row says ${row.nanos}.`);
  }
  const orphaned = billed.filter(({ type }) => type === 'orphaned').length;
  if (orphaned < missing) wrong.push(`${missing - orphaned} charges of the provider have no row.`);
  const idle = orphaned - missing;
  if (idle > unsent) wrong.push(`${idle} rows are of nothing that the provider charged; ${unsent} may be.`);
  if (new Set(rows.map(({ id }) => id)).size !== rows.length) wrong.push('A row is there twice.');
  const sum = rows.reduce((total, { nanos = 0n }) => total + nanos, 0n);
  differ(sum, stored, `The rows come to ${sum}, and their stored sum is ${stored}.`);
  const [spent = 0n, reserved = 0n] = [state?.spent, state?.reserved];
  if (state === undefined) wrong.push('The state does not know the budget.');
  differ(spent, stored, `The state says that ${spent} is spent, and the store ${stored}.`);
  differ(reserved, 0n, `${reserved} is still reserved.`);
  for (const { user, state: own } of users) {
    const used = rows.reduce((total, row) => (row.user === user ? total + (row.nanos ?? 0n) : total), 0n);
    const said = `${user} spent ${used}, and the state says ${own?.spent} and ${own?.reserved} reserved.`;
    differ(own?.spent ?? 0n, used, said);
    differ(own?.reserved ?? 0n, 0n, said);
  }
  const lost = idle < 0 ? -idle : Math.max(0, idle - unsent);
  return { charges: bill.length, due, rows: billed.length, orphaned, lost, adrift, wrong };
}
