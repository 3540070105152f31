/** What a stream costs that is open and mostly silent. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Child } from './child.ts';
import type { Lab, TestedName } from './lab.ts';
import { RawClient, requestBytes } from './raw-client.ts';
import { row, type Row, type Section } from './report.ts';
import { interleave } from './statistic.ts';
import { SLOW_PERIOD } from './upstream.ts';

const SUBJECTS: readonly TestedName[] = ['bare', 'auth', 'everything'];
/** How long the open streams are watched, in milliseconds. */
const WATCH = 2000;
/** So many streams are opened at once. */
const BATCH = 50;

interface Cost {
  /** Memory per stream in kB. */
  readonly resident: number;
  readonly heap: number;
  /** Processor time per event in microseconds. */
  readonly cpu: number;
}

export async function idleStreams(lab: Lab): Promise<Section> {
  const { rounds, streams } = lab.settings;
  const costs = await interleave(SUBJECTS, rounds, (subject) => inFreshProcess(lab, subject));
  const rows: Row[] = [];
  const add = (what: string, unit: string, of: keyof Cost): void => {
    const values = (subject: TestedName): number[] => (costs.get(subject) ?? []).map((cost) => cost[of]);
    for (const subject of SUBJECTS) rows.push(row(`${subject}, ${what}`, unit, values(subject), values('bare')));
  };
  add('resident', 'kB/stream', 'resident');
  add('heap', 'kB/stream', 'heap');
  add('processor time', 'µs/event', 'cpu');
  return {
    title: `${streams} streams at once, an event every ${SLOW_PERIOD} ms`,
    about: 'Memory is what a fresh process grew by, after a garbage collection.',
    ratioTo: 'bare',
    rows,
  };
}

/** Memory that was resident once is not given back: a process that has carried anything would show too little growth. */
async function inFreshProcess(lab: Lab, subject: TestedName): Promise<Cost> {
  const child = await lab.fresh(subject);
  try {
    await close(await open(lab, subject, child, BATCH));
    return await hold(lab, subject, child);
  } finally {
    await child.stop();
  }
}

async function hold(lab: Lab, subject: TestedName, child: Child): Promise<Cost> {
  const { streams } = lab.settings;
  const before = await child.vitals(true);
  const clients = await open(lab, subject, child, streams);
  const opened = await child.vitals(true);
  await wait(WATCH);
  const watched = await child.vitals();
  const settled = await child.vitals(true);
  await close(clients);
  return {
    resident: (settled.rss - before.rss) / 1000 / streams,
    heap: (settled.heapUsed - before.heapUsed) / 1000 / streams,
    cpu: (watched.cpu - opened.cpu) / ((streams * WATCH) / SLOW_PERIOD),
  };
}

async function open(lab: Lab, subject: TestedName, child: Child, streams: number): Promise<RawClient[]> {
  const ask = lab.ask(subject, 'slow', 400, child.origin);
  const request = requestBytes(ask.url, ask.headers, ask.body);
  const clients: RawClient[] = [];
  while (clients.length < streams) {
    const size = Math.min(BATCH, streams - clients.length);
    const batch = await Promise.all(Array.from({ length: size }, () => RawClient.open(child.port)));
    await Promise.all(batch.map((client) => client.start(request)));
    clients.push(...batch);
  }
  return clients;
}

async function close(clients: readonly RawClient[]): Promise<void> {
  for (const client of clients) client.close();
  await wait(300);
}
