/** A process is killed, or stopped for a while, at a named point of an exchange. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { UsageRow } from '@gatewright/core';
import { Auditor } from '../audit.ts';
import type { Charge } from '../biller.ts';
import { CRASH_POINTS, type CrashPoint } from '../crash-points.ts';
import { showStatuses, type Fault, type Verdict } from '../fault.ts';
import { ask, load, Site, type Replica, type Servers } from '../site.ts';

/** Different from all others, so that the bill says which request was the doomed one's. */
const DOOMED = 49;
/** Milliseconds that the books may take to be right on a busy machine. */
const PATIENCE = 15_000;
/** Others that are under way in the process that dies. */
const OTHERS = 10;

/** What must be so of the request in which a process dies, by the point at which it does. */
const ENDS: Readonly<Record<CrashPoint, { readonly row: 'none' | 'orphaned' | 'journaled'; readonly status: number }>> =
  {
    reserving: { row: 'none', status: 0 },
    answered: { row: 'orphaned', status: 0 },
    settling: { row: 'orphaned', status: 0 },
    journaled: { row: 'journaled', status: 0 },
    settled: { row: 'journaled', status: 0 },
    recorded: { row: 'journaled', status: 200 },
  };

interface Course {
  /** What the clients saw. */
  readonly seen: string;
  /** How many clients had a whole answer. */
  readonly answered: number;
  /** How many attempts may have died between their hold and their call; default 0. */
  readonly unsent?: number;
  /** What is wrong with it, once the books are right. */
  readonly check?: (rows: readonly UsageRow[]) => readonly string[];
}

/** Runs a body on a site of two gateways that have served already, and holds the books against the bill. */
async function withSite(servers: Servers, body: (site: Site, victim: Replica) => Promise<Course>): Promise<Verdict> {
  const site = await Site.open(servers, 2);
  const auditor = await Auditor.open(site.settings);
  try {
    const before = await load(site, 20, 4);
    const { seen, answered, unsent, check } = await body(site, site.replicas[0] as Replica);
    await auditor.settled(site.biller.bill, PATIENCE, unsent);
    const told = (before.get(200) ?? 0) + answered;
    const amiss = await patiently(async () => {
      const { rows } = await auditor.books();
      const kept = rows.filter(({ result }) => result === 'success').length;
      const forgotten = kept < told ? [`${told} clients were answered, and ${kept} rows say so.`] : [];
      return [...forgotten, ...(check?.(rows) ?? [])];
    });
    const audit = await auditor.settled(site.biller.bill, PATIENCE, unsent);
    return { seen: `${seen}; rows made of holds: ${audit.orphaned}`, wrong: [...audit.wrong, ...amiss], audit };
  } finally {
    await auditor.close();
    await site.close();
  }
}

/** The row that a dead process left in its journal may come after the one that was made of its hold, and takes its place. */
async function patiently(look: () => Promise<readonly string[]>): Promise<readonly string[]> {
  for (let waited = 0; ; waited += 100) {
    const wrong = await look();
    if (wrong.length === 0 || waited >= PATIENCE) return wrong;
    await sleep(100);
  }
}

const killedAt = (point: CrashPoint): Fault => ({
  name: `killed while ${point}`,
  run: (servers) =>
    withSite(servers, async (site, victim) => {
      const others = Promise.all(Array.from({ length: OTHERS }, () => ask(victim.url)));
      const status = await ask(victim.url, { maxTokens: DOOMED, crashAt: point });
      await victim.end('SIGKILL');
      await site.startReplica();
      const statuses = await others;
      const seen = `its client: ${show(status)}; ${OTHERS} others at once: ${tally(statuses)}`;
      const unsent = statuses.filter((one) => one === 0).length;
      const answered = served([status, ...statuses]);
      return { seen, answered, unsent, check: (rows) => misplaced(point, status, site.biller.bill, rows) };
    }),
});

/** What says that the process did not die where the name of the point says: what its client saw, the bill, the rows. */
function misplaced(
  point: CrashPoint,
  status: number,
  bill: readonly Charge[],
  rows: readonly UsageRow[],
): readonly string[] {
  const { row, status: expected } = ENDS[point];
  const charge = bill.find(({ most }) => most === DOOMED);
  const wrong: string[] = [];
  if (status !== expected) wrong.push(`Its client saw ${show(status)}, not ${show(expected)}.`);
  if ((charge === undefined) !== (row === 'none')) wrong.push(`The provider ${charge ? 'was' : 'was not'} asked.`);
  if (charge === undefined) return wrong;
  const written = rows.some(({ upstreamId }) => upstreamId === charge.id);
  if (written !== (row === 'journaled')) wrong.push(`Its row was ${written ? '' : 'not '}written before it died.`);
  return wrong;
}

const served = (statuses: readonly number[]): number => statuses.filter((status) => status === 200).length;

const show = (status: number): string => (status === 0 ? 'broken' : `${status}`);

function tally(statuses: readonly number[]): string {
  const counts = new Map<number, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  return showStatuses(counts);
}

const killedInCall: Fault = {
  name: 'killed while the provider works, no other process left behind for its journal',
  run: (servers) =>
    withSite(servers, async (site, victim) => {
      site.biller.delay = 300;
      const asked = Promise.all(Array.from({ length: OTHERS }, () => ask(victim.url)));
      const before = site.biller.bill.length;
      while (site.biller.bill.length < before + OTHERS) await sleep(5);
      await victim.end('SIGKILL');
      const statuses = await asked;
      return { seen: `its clients: ${tally(statuses)}`, answered: served(statuses) };
    }),
};

const killedInStream: Fault = {
  name: 'killed while it streams',
  run: (servers) =>
    withSite(servers, async (site, victim) => {
      site.biller.delay = 60_000;
      let begun = 0;
      const onBegun = (): void => void begun++;
      const asked = Promise.all(Array.from({ length: OTHERS }, () => ask(victim.url, { onBegun })));
      while (begun < OTHERS) await sleep(5);
      await victim.end('SIGKILL');
      // They had a status, and then no end.
      return { seen: `its clients, in the middle of their answers: ${tally(await asked)}`, answered: 0 };
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
      return { seen: `its clients: ${tally(statuses)}`, answered: served(statuses) };
    }),
};

export const crashes: readonly Fault[] = [...CRASH_POINTS.map(killedAt), killedInCall, killedInStream, stopped];
