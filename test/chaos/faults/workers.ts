/** One of two processes of a gateway is killed at each named point of an exchange, while the other serves on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { UsageRow } from '@gatewright/core';
import { Company, type Books as Told } from '../../workers/company.ts';
import { configuration } from '../../workers/configuration.ts';
import { settled, type Audit, type Books } from '../audit.ts';
import { Biller } from '../biller.ts';
import { CRASH_POINTS, type CrashPoint } from '../crash-points.ts';
import type { Fault } from '../fault.ts';
import { ask } from '../site.ts';

const PLUGIN = fileURLToPath(new URL('../crash-points.ts', import.meta.url));
/** Milliseconds. */
const PATIENCE = 20_000;
const OTHERS = 10;

function readBooks({ balance, rows, stored }: Told): Books {
  return {
    rows: rows.map((row) => (row.nanos === undefined ? row : { ...row, nanos: BigInt(row.nanos) }) as UsageRow),
    stored: BigInt(stored),
    state: { spent: BigInt(balance.spent), reserved: BigInt(balance.reserved) },
  };
}

async function kill(company: Company, biller: Biller, point: CrashPoint): Promise<Audit> {
  const url = `${company.url}/v1/chat/completions`;
  // Others are with the provider, from the process that dies as from the other one.
  biller.delay = 500;
  const before = biller.bill.length;
  const others = Promise.all(Array.from({ length: OTHERS }, () => ask(url)));
  while (biller.bill.length < before + OTHERS) await sleep(5);
  biller.delay = 0;
  const status = await ask(url, { crashAt: point });
  await others;
  await company.until(async () => ((await company.pids()).length === 2 ? true : undefined));
  const audit = await settled(async () => readBooks(await company.books()), biller.bill, PATIENCE);
  const wrong = [...audit.wrong];
  // What comes behind the answer leaves the answer whole.
  if (status !== 0 && status !== 200) wrong.push(`The client was told ${status}.`);
  return { ...audit, wrong: wrong.map((one) => `Killed while ${point}: ${one}`) };
}

export const workersKilled: Fault = {
  name: 'one of two workers killed at every point, the other serves on',
  async run() {
    const biller = await Biller.start();
    const company = await Company.start(configuration({ provider: biller.url, plugins: `  - use: ${PLUGIN}` }));
    try {
      const wrong: string[] = [];
      let audit: Audit | undefined;
      for (const point of CRASH_POINTS) {
        audit = await kill(company, biller, point);
        wrong.push(...audit.wrong);
      }
      return { seen: `${CRASH_POINTS.length} kills`, wrong, ...(audit && { audit }) };
    } finally {
      await company.close();
      await biller.stop();
    }
  },
};
