/** A server is away for a while, comes back empty, or is slow. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Auditor } from '../audit.ts';
import type { Settings } from '../composition.ts';
import { showStatuses, type Fault, type Scale, type Verdict } from '../fault.ts';
import { load, Site, type Servers } from '../site.ts';

interface Outage {
  readonly name: string;
  readonly settings?: Partial<Settings>;
  begin(site: Site): Promise<void> | void;
  end(site: Site): Promise<void> | void;
  /** The statuses that clients may see while it lasts. */
  readonly allowed: readonly number[];
  /** Someone must be served while it lasts. */
  readonly serves: boolean;
}

const fault = ({ name, settings = {}, begin, end, allowed, serves }: Outage): Fault => ({
  name,
  async run(servers: Servers, scale: Scale): Promise<Verdict> {
    const site = await Site.open(servers, 2, settings);
    const auditor = await Auditor.open(site.settings);
    try {
      const wrong: string[] = [];
      await load(site, 20, 4);
      await begin(site);
      const during = await loadFor(site, scale.outage);
      await end(site);
      const recovered = await recovery(site);
      if (recovered === undefined) wrong.push('Nobody was served within ten seconds of its return.');
      const after = await load(site, Math.ceil(20 * scale.load), 4);
      const others = [...during.keys()].filter((status) => !allowed.includes(status));
      if (others.length > 0) wrong.push(`While it lasted, clients saw ${others.join(', ')}.`);
      if (serves && !during.has(200)) wrong.push('While it lasted, nobody was served.');
      if (after.size !== 1 || !after.has(200)) wrong.push(`After it: ${showStatuses(after)}.`);
      wrong.push(...(await auditor.settled(site.biller.bill, 20_000)));
      return { seen: `during: ${showStatuses(during)}; served again after ${recovered ?? '?'} ms`, wrong };
    } finally {
      site.toRedis.restore();
      site.toPostgres.restore();
      await auditor.close();
      await site.close();
    }
  },
});

async function loadFor(site: Site, milliseconds: number): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  for (let waited = 0; waited < milliseconds; waited += 50) {
    for (const [status, count] of await load(site, 4, 4)) statuses.set(status, (statuses.get(status) ?? 0) + count);
    await sleep(50);
  }
  return statuses;
}

/** How long it takes until every gateway serves again, in milliseconds. */
async function recovery(site: Site): Promise<number | undefined> {
  for (let waited = 0; waited <= 10_000; waited += 100) {
    const statuses = await load(site, 4, 1);
    if (statuses.size === 1 && statuses.has(200)) return waited;
    await sleep(100);
  }
  return undefined;
}

export const outages: readonly Fault[] = [
  fault({
    name: 'Redis out of reach, budgets closed',
    begin: (site) => site.toRedis.cut(),
    end: (site) => site.toRedis.restore(),
    allowed: [200, 503],
    serves: false,
  }),
  fault({
    name: 'Redis out of reach, budgets open for a dollar each',
    settings: { allowance: '1' },
    begin: (site) => site.toRedis.cut(),
    end: (site) => site.toRedis.restore(),
    // A long outage uses the dollar up.
    allowed: [200, 503],
    serves: true,
  }),
  fault({
    name: 'Redis silent, budgets closed',
    begin: (site) => site.toRedis.silence(),
    end: (site) => site.toRedis.restore(),
    allowed: [200, 503],
    serves: false,
  }),
  fault({
    name: 'Redis slow',
    begin: (site) => site.toRedis.slow(20),
    end: (site) => site.toRedis.restore(),
    allowed: [200],
    serves: true,
  }),
  fault({
    name: 'Redis loses everything',
    begin: async (site) => void (await site.servers.redis.command('FLUSHALL')),
    end: () => undefined,
    allowed: [200, 503],
    serves: false,
  }),
  fault({
    name: 'PostgreSQL out of reach',
    begin: (site) => site.toPostgres.cut(),
    end: (site) => site.toPostgres.restore(),
    allowed: [200],
    serves: true,
  }),
  fault({
    name: 'PostgreSQL silent',
    begin: (site) => site.toPostgres.silence(),
    end: (site) => site.toPostgres.restore(),
    allowed: [200],
    serves: true,
  }),
  fault({
    name: 'PostgreSQL slow',
    begin: (site) => site.toPostgres.slow(100),
    end: (site) => site.toPostgres.restore(),
    allowed: [200],
    serves: true,
  }),
];
