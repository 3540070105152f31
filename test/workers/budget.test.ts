/** Budgets with several processes: what the provider bills is never past the limit, and the books say what the bill says. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Biller, type Charge } from '../chaos/biller.ts';
import { NANOS } from '../chaos/composition.ts';
import { Company } from './company.ts';
import { configuration } from './configuration.ts';

const LIMIT = 1_000_000_000n;

let biller: Biller;
let company: Company;

beforeAll(async () => {
  biller = await Biller.start();
  biller.delay = 20;
  company = await Company.start(configuration({ provider: biller.url, budget: '1' }));
}, 120_000);

afterAll(async () => {
  await company.close();
  await biller.stop();
});

const billed = (bill: readonly Charge[]): bigint =>
  bill.reduce(
    (sum, { promptTokens, completionTokens }) =>
      sum + BigInt(promptTokens) * NANOS.input + BigInt(completionTokens) * NANOS.output,
    0n,
  );

test('500 requests at once, again and again, against one dollar', { timeout: 120_000 }, async () => {
  expect((await company.pids()).length).toBe(2);
  const statuses = new Map<number, number>();
  for (let round = 0; round < 8; round++) {
    const answers = await Promise.all(Array.from({ length: 500 }, () => company.chat({ max_tokens: 50 })));
    for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    expect(billed(biller.bill)).toBeLessThanOrEqual(LIMIT);
    if ((statuses.get(200) ?? 0) > 0 && answers.every(({ status }) => status === 402)) break;
  }
  expect(new Set(statuses.keys())).toEqual(new Set([200, 402]));
  // What is left is what a few requests may cost: holds of the round before may have been under way in the last one.
  const total = billed(biller.bill);
  expect(total).toBeGreaterThan(LIMIT - 50_000_000n);
  // The balance is read before the rows: all rows may be there when the last holds were not settled yet.
  const books = await company.until(async () => {
    const found = await company.books();
    return found.rows.length === Math.min(1000, biller.bill.length) && found.balance.reserved === '0'
      ? found
      : undefined;
  });
  expect(books.balance.spent).toBe(`${total}`);
  expect(books.rows.reduce((sum, { nanos }) => sum + BigInt(nanos ?? 0), 0n)).toBe(total);
  expect(statuses.get(200)).toBe(biller.bill.length);
});
