/** A process is killed, or stopped for a while, at a named point of an exchange. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Auditor } from '../audit.ts';
import { CRASH_POINTS, type CrashPoint } from '../crash-points.ts';
import { showStatuses, type Fault, type Verdict } from '../fault.ts';
import { ask, load, Site, type Replica, type Servers } from '../site.ts';

/** Runs a body on a site of two gateways that have served already, and holds the books against the bill. */
async function withSite(servers: Servers, body: (site: Site, victim: Replica) => Promise<string>): Promise<Verdict> {
  const site = await Site.open(servers, 2);
  const auditor = await Auditor.open(site.settings);
  try {
    const before = await load(site, 20, 4);
    const seen = await body(site, site.replicas[0] as Replica);
    const wrong = await auditor.settled(site.biller.bill, 15_000);
    return { seen: `${showStatuses(before)}; ${seen}`, wrong };
  } finally {
    await auditor.close();
    await site.close();
  }
}

const killedAt = (point: CrashPoint): Fault => ({
  name: `killed while ${point}`,
  run: (servers) =>
    withSite(servers, async (site, victim) => {
      const status = await ask(victim.url, 50, point);
      await victim.end('SIGKILL');
      await site.startReplica();
      return `its client: ${status === 0 ? 'broken' : status}`;
    }),
});

const killedInCall: Fault = {
  name: 'killed while the provider works, no other process left behind for its journal',
  run: (servers) =>
    withSite(servers, async (site, victim) => {
      site.biller.delay = 300;
      const asked = Promise.all(Array.from({ length: 10 }, () => ask(victim.url)));
      const before = site.biller.bill.length;
      while (site.biller.bill.length < before + 10) await sleep(5);
      await victim.end('SIGKILL');
      const statuses = await asked;
      return `${statuses.filter((status) => status === 0).length} clients broken`;
    }),
};

const stopped: Fault = {
  name: 'stopped for twice its lease, then let go on',
  run: (servers) =>
    withSite(servers, async (site, victim) => {
      site.biller.delay = 100;
      const asked = Promise.all(Array.from({ length: 10 }, () => ask(victim.url)));
      const before = site.biller.bill.length;
      while (site.biller.bill.length < before + 10) await sleep(5);
      victim.signal('SIGSTOP');
      await sleep(2 * site.settings.lease + 500);
      victim.signal('SIGCONT');
      const statuses = await asked;
      return `its clients: ${statuses.join(' ')}`;
    }),
};

export const crashes: readonly Fault[] = [...CRASH_POINTS.map(killedAt), killedInCall, stopped];
