/** Something is away for a while, and comes back: who is served meanwhile and after it, and what the books say then. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Auditor } from '../audit.ts';
import type { Settings } from '../composition.ts';
import { showStatuses, type Fault, type Scale, type Verdict } from '../fault.ts';
import { load, Site, type Servers } from '../site.ts';

/** Milliseconds that gateways on a busy machine may take until all of them serve again. */
const RECOVERY = 30_000;
/** Rounds of requests in every outage, however slow the machine is. */
const FEWEST = 20;

export interface Outage {
  readonly name: string;
  readonly settings?: Partial<Settings>;
  /** Starts what only this one needs. */
  prepare?(servers: Servers): Promise<Prepared>;
  begin(site: Site): Promise<void> | void;
  end(site: Site): Promise<void> | void;
  /** The statuses that clients may see while it lasts. */
  readonly allowed: readonly number[];
  /** Someone must be served while it lasts. */
  readonly serves: boolean;
  /** Someone must be refused while it lasts. */
  readonly refuses?: boolean;
  /** It lasts so many times as long as others; default 1. */
  readonly times?: number;
}

export interface Prepared {
  /** In place of those that all share. */
  readonly servers?: Servers;
  readonly settings?: Partial<Settings>;
  close(): Promise<void> | void;
}

export const outage = (one: Outage): Fault => ({
  name: one.name,
  async run(servers: Servers, scale: Scale): Promise<Verdict> {
    const prepared = await one.prepare?.(servers);
    try {
      return await suffer(one, prepared?.servers ?? servers, { ...one.settings, ...prepared?.settings }, scale);
    } finally {
      await prepared?.close();
    }
  },
});

async function suffer(one: Outage, servers: Servers, settings: Partial<Settings>, scale: Scale): Promise<Verdict> {
  const { begin, end, allowed, serves, refuses = false, times = 1 } = one;
  const site = await Site.open(servers, 2, settings);
  try {
    const auditor = await Auditor.open(site.settings);
    try {
      const wrong: string[] = [];
      await load(site, 20, 4);
      await begin(site);
      const from = performance.now();
      const during = await loadFor(site, scale.outage * times);
      const lasted = ((performance.now() - from) / 1000).toFixed(0);
      await end(site);
      const recovered = await recovery(site);
      if (recovered === undefined) wrong.push('Not every gateway served within thirty seconds of its return.');
      const after = await load(site, Math.ceil(20 * scale.load), 4);
      const others = [...during.keys()].filter((status) => !allowed.includes(status));
      if (others.length > 0) wrong.push(`While it lasted, clients saw ${others.join(', ')}.`);
      if (serves && !during.has(200)) wrong.push('While it lasted, nobody was served.');
      if (refuses && !during.has(503)) wrong.push('While it lasted, nobody was refused.');
      if (after.size !== 1 || !after.has(200)) wrong.push(`After it: ${showStatuses(after)}.`);
      const audit = await auditor.settled(site.biller.bill, 20_000);
      wrong.push(...audit.wrong);
      const seen = `in ${lasted} s of it: ${showStatuses(during)}; all served again after ${recovered ?? '?'} ms`;
      return { seen, wrong, audit };
    } finally {
      site.toRedis.restore();
      site.toPostgres.restore();
      await auditor.close();
    }
  } finally {
    await site.close();
  }
}

async function loadFor(site: Site, milliseconds: number): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  const start = performance.now();
  for (let rounds = 0; rounds < FEWEST || performance.now() - start < milliseconds; rounds++) {
    for (const [status, count] of await load(site, 4, 4)) statuses.set(status, (statuses.get(status) ?? 0) + count);
    await sleep(50);
  }
  return statuses;
}

/** How long it takes until every gateway serves again, in milliseconds. */
async function recovery(site: Site): Promise<number | undefined> {
  const start = performance.now();
  for (let tries = 0; tries <= RECOVERY / 100; tries++) {
    const waited = Math.round(performance.now() - start);
    const statuses = await load(site, 4, 1);
    if (statuses.size === 1 && statuses.has(200)) return waited;
    await sleep(100);
  }
  return undefined;
}
