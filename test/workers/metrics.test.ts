/** Metrics of several processes: their sum, which never falls. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Biller } from '../chaos/biller.ts';
import { Company } from './company.ts';
import { configuration } from './configuration.ts';

let biller: Biller;
let company: Company;

beforeAll(async () => {
  biller = await Biller.start();
  company = await Company.start(configuration({ provider: biller.url }));
}, 120_000);

afterAll(async () => {
  await company.close();
  await biller.stop();
});

/** The sum of the series of a metric. */
async function sum(name: string): Promise<number> {
  const { text } = await company.get('/metrics');
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

test(
  'whoever is asked tells what all have counted, also what those have that are gone',
  { timeout: 120_000 },
  async () => {
    await Promise.all(Array.from({ length: 60 }, () => company.chat({ max_tokens: 5 })));
    const tokens = biller.bill.reduce((all, { completionTokens }) => all + completionTokens, 0);
    expect(tokens).toBeGreaterThan(60);
    // Both are asked, and say the same.
    for (let tries = 0; tries < 12; tries++) {
      expect(await sum('gatewright_requests_total')).toBe(60);
      expect(await sum('gatewright_request_duration_seconds_count')).toBe(60);
    }
    const [first = 0] = await company.pids();
    process.kill(first, 'SIGKILL');
    await company.until(async () => {
      const now = await company.pids();
      return now.length === 2 && !now.includes(first) ? true : undefined;
    });
    for (let tries = 0; tries < 12; tries++) expect(await sum('gatewright_requests_total')).toBe(60);
    await Promise.all(Array.from({ length: 20 }, () => company.chat({ max_tokens: 5 })));
    expect(await sum('gatewright_requests_total')).toBe(80);
    // One that ends in order leaves all that it has counted, also since it was last asked.
    await Promise.all(Array.from({ length: 20 }, () => company.chat({ max_tokens: 5 })));
    const [next = 0] = await company.pids();
    process.kill(next, 'SIGTERM');
    await company.until(async () => ((await company.pids()).includes(next) ? undefined : true));
    expect(await sum('gatewright_requests_total')).toBe(100);
  },
);
