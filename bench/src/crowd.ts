/** A thousand streams at once, each with many events a second: memory, stalls, and whether all events arrive. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Child } from './child.ts';
import type { Lab, TestedName } from './lab.ts';
import { loadAnyhow } from './load.ts';
import { contentEvent } from './payload.ts';
import type { Vitals } from './probe.ts';
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
/** How often a process is looked at until its memory stays as it is, and milliseconds between two looks. */
const LOOKS = 10;
const BETWEEN_LOOKS = 500;

interface Cost {
  /** Resident memory that each stream added, in kB. */
  readonly resident: number;
  /** Of it, what lives on V8's heap or hangs on it. */
  readonly live: number;
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
  const beyond = (of: keyof Cost): number[] => {
    const bare = values('bare', of);
    return values('everything', of).map((value, round) => value - (bare[round] ?? Number.NaN));
  };
  const more = Math.max(statistic(beyond('resident')).median, statistic(beyond('live')).median);
  return {
    title: `${streams} streams at once, ${1000 / CROWD_PERIOD} events a second each`,
    about:
      'In a process that has carried small requests and short streams for a while, so that its young generation has the size that it keeps: in a fresh one, the streams would be charged with 30 MB for it. Memory: what is resident beyond what was before the streams came; live is what the heap has of it, and repeats to within 5 %, where pages go by the collector’s moods. Two sockets and their HTTP are what the bare passthrough takes for a stream: the target is what comes on top, by the larger of the two.',
    ratioTo: 'bare',
    rows: [
      ...both('resident memory', 'kB/stream', 'resident'),
      row('everything, resident memory beyond bare', 'kB/stream', beyond('resident')),
      ...both('live memory', 'kB/stream', 'live'),
      row('everything, live memory beyond bare', 'kB/stream', beyond('live')),
      ...both('longest stall', 'ms', 'stall'),
      ...both('processor time', 'µs/event', 'cpu'),
      ...both('events that arrived in time', 'share', 'arrived'),
    ],
    targets: [
      atMost(`${streams} streams, resident memory of each beyond the bare passthrough`, more, 20, 'kB'),
      atMost(`${streams} streams, longest stall`, statistic(values('everything', 'stall')).median, 50, 'ms'),
    ],
  };
}

async function hold(lab: Lab, subject: TestedName): Promise<Cost> {
  const { streams, connections, seconds } = lab.settings;
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
    for (const manner of ['whole', 'burst'] as const) {
      await loadAnyhow({ ...lab.ask(subject, manner, 400, child.origin), connections, seconds });
    }
    await open(BATCH);
    for (const client of clients.splice(0)) client.close();
    const before = await atRest(child);
    await open(streams);
    const opened = await child.vitals();
    bytes = 0;
    await wait(WATCH);
    const arrived = bytes / contentEvent().length;
    const watched = await child.vitals();
    const settled = await atRest(child);
    const due = (streams * WATCH) / CROWD_PERIOD;
    return {
      resident: (settled.rss - before.rss) / 1000 / streams,
      live: (settled.live - before.live) / 1000 / streams,
      stall: watched.stall,
      cpu: (watched.cpu - opened.cpu) / arrived,
      arrived: arrived / due,
    };
  } finally {
    for (const client of clients) client.close();
    await child.stop();
  }
}

/** What a process holds once all that it had begun is done: rows are written, what is finished is collected. */
async function atRest(child: Child): Promise<Vitals> {
  let last = await child.vitals(true);
  for (let look = 0; look < LOOKS; look++) {
    await wait(BETWEEN_LOOKS);
    const now = await child.vitals(true);
    if (Math.abs(now.live - last.live) < last.live / 200) return now;
    last = now;
  }
  return last;
}
