/** A thousand streams at once, each with many events a second: memory, stalls, and whether all events arrive. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Lab, TestedName } from './lab.ts';
import { contentEvent } from './payload.ts';
import { RawClient, requestBytes } from './raw-client.ts';
import { row, type Row, type Section } from './report.ts';
import { interleave, statistic } from './statistic.ts';
import { atMost } from './target.ts';

/** What the upstream of this measurement is started with: milliseconds between two events of a stream. */
export const CROWD_PERIOD = 50;
const SUBJECTS: readonly TestedName[] = ['bare', 'everything'];
/** How long the streams are watched, in milliseconds. */
const WATCH = 4000;
/** So many streams are opened at once. */
const BATCH = 50;
const MOST_ROUNDS = 3;

interface Cost {
  /** Resident memory that each stream added, in kB. */
  readonly resident: number;
  /** The longest that the event loop was late, in milliseconds. */
  readonly stall: number;
  /** Processor time per event, in microseconds. */
  readonly cpu: number;
  /** Events that arrived, of those that were due. */
  readonly arrived: number;
}

export async function crowd(lab: Lab): Promise<Section> {
  const { streams, rounds } = lab.settings;
  const costs = await interleave(SUBJECTS, Math.min(rounds, MOST_ROUNDS), (subject) => hold(lab, subject));
  const values = (subject: TestedName, of: keyof Cost): number[] => (costs.get(subject) ?? []).map((cost) => cost[of]);
  const both = (what: string, unit: string, of: keyof Cost): Row[] =>
    SUBJECTS.map((subject) => row(`${subject}, ${what}`, unit, values(subject, of), values('bare', of)));
  const bare = values('bare', 'resident');
  const beyond = values('everything', 'resident').map((value, round) => value - (bare[round] ?? Number.NaN));
  return {
    title: `${streams} streams at once, ${1000 / CROWD_PERIOD} events a second each`,
    about:
      'In a fresh process. Memory: what is resident beyond what was before the streams came. Two sockets and their HTTP are what the bare passthrough takes for a stream: the target is what comes on top.',
    ratioTo: 'bare',
    rows: [
      ...both('resident memory', 'kB/stream', 'resident'),
      row('everything, resident memory beyond bare', 'kB/stream', beyond),
      ...both('longest stall', 'ms', 'stall'),
      ...both('processor time', 'µs/event', 'cpu'),
      ...both('events that arrived in time', 'share', 'arrived'),
    ],
    targets: [
      atMost(
        `${streams} streams, resident memory of each beyond the bare passthrough`,
        statistic(beyond).median,
        20,
        'kB',
      ),
      atMost(`${streams} streams, longest stall`, statistic(values('everything', 'stall')).median, 50, 'ms'),
    ],
  };
}

async function hold(lab: Lab, subject: TestedName): Promise<Cost> {
  const { streams } = lab.settings;
  const child = await lab.fresh(subject);
  const clients: RawClient[] = [];
  let bytes = 0;
  const open = async (count: number): Promise<void> => {
    const ask = lab.ask(subject, 'slow', 400, child.origin);
    const request = requestBytes(ask.url, ask.headers, ask.body);
    for (let opened = 0; opened < count; opened += BATCH) {
      const size = Math.min(BATCH, count - opened);
      const batch = await Promise.all(Array.from({ length: size }, () => RawClient.open(child.port)));
      clients.push(...batch);
      await Promise.all(batch.map((client) => client.start(request, (part) => (bytes += part.length))));
    }
  };
  try {
    await open(BATCH);
    for (const client of clients.splice(0)) client.close();
    await wait(300);
    const before = await child.vitals(true);
    await open(streams);
    const opened = await child.vitals();
    bytes = 0;
    await wait(WATCH);
    const arrived = bytes / contentEvent().length;
    const watched = await child.vitals();
    const settled = await child.vitals(true);
    const due = (streams * WATCH) / CROWD_PERIOD;
    return {
      resident: (settled.rss - before.rss) / 1000 / streams,
      stall: watched.stall,
      cpu: (watched.cpu - opened.cpu) / arrived,
      arrived: arrived / due,
    };
  } finally {
    for (const client of clients) client.close();
    await child.stop();
  }
}
