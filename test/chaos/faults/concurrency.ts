/** Many requests at once, through several processes, on one budget. */
import { setTimeout as sleep } from 'node:timers/promises';
import { dollarsOf } from '@gatewright/core';
import { Auditor } from '../audit.ts';
import { showStatuses, type Fault } from '../fault.ts';
import { ask, load, Site } from '../site.ts';

/** One dollar. */
const LIMIT = 1_000_000_000n;

/** Looks at the budget over and over until it is told to stop; answers the most that was spent and reserved. */
async function watch(auditor: Auditor, done: () => boolean): Promise<bigint> {
  let most = 0n;
  while (!done()) {
    const { state } = await auditor.books();
    if (state !== undefined && state.spent + state.reserved > most) most = state.spent + state.reserved;
    await sleep(20);
  }
  return most;
}

export const concurrency: Fault = {
  name: '500 at once, three processes, one dollar',
  async run(servers) {
    const site = await Site.open(servers, 3, { budget: '1' });
    const auditor = await Auditor.open(site.settings);
    try {
      await load(site, 3, 3);
      site.biller.delay = 20;
      let over = false;
      const watching = watch(auditor, () => over);
      const statuses = await load(site, 500, 500);
      over = true;
      const most = await watching;
      const { wrong: amiss } = await auditor.settled(site.biller.bill, 5000);
      const wrong = [...amiss];
      if (most > LIMIT) wrong.push(`${most} nano-dollars were spent and reserved at once, of ${LIMIT}.`);
      if ((statuses.get(200) ?? 0) + (statuses.get(402) ?? 0) !== 500)
        wrong.push('Some were neither served nor refused.');
      wrong.push(...(await leftover(site, auditor)));
      const audit = await auditor.settled(site.biller.bill, 5000);
      wrong.push(...audit.wrong);
      const seen = `${showStatuses(statuses)}; at most ${dollarsOf(most)} spent and reserved at once`;
      return { seen, wrong, audit };
    } finally {
      await auditor.close();
      await site.close();
    }
  },
};

/** Once all is settled, what fits is served, to the last request that fits. */
async function leftover(site: Site, auditor: Auditor): Promise<string[]> {
  site.biller.delay = 0;
  const [replica] = site.replicas;
  if (replica === undefined) return ['There is no gateway.'];
  let status = 200;
  while (status === 200) status = await ask(replica.url, { maxTokens: 1 });
  await sleep(200);
  const { state } = await auditor.books();
  const left = LIMIT - (state?.spent ?? 0n);
  if (status !== 402) return [`The last request was answered with ${status}.`];
  // The bytes of the request as tokens, and one token of output.
  return left < 3_000_000n ? [] : [`A request was refused with ${left} nano-dollars left.`];
}
