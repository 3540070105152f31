/** What a gateway adds to one request, when nothing else is going on. */
import type { Lab, SubjectName } from './lab.ts';
import type { Manner } from './payload.ts';
import { RawClient, requestBytes, type ReplyTimes } from './raw-client.ts';
import { row, type Row, type Section } from './report.ts';
import { quantile, statistic } from './statistic.ts';
import { atMost } from './target.ts';

const SUBJECTS: readonly SubjectName[] = ['upstream', 'bare', 'auth', 'everything'];

export async function latency(lab: Lab): Promise<Section[]> {
  const whole = await measure(lab, 'whole', 'end');
  const first = await measure(lab, 'burst', 'content');
  const added = (times: Times, q: number): number => statistic(differences(times, 'upstream', q)).median;
  return [
    {
      title: 'Latency when idle, whole replies',
      about:
        'One connection, one request after another, in turn with the others request by request. What is added: the quantile of the differences of such pairs.',
      rows: [...rows(whole), ...addedRows(whole)],
      targets: [
        atMost('added to a direct call when idle, p50', added(whole, 0.5), 0.3, 'ms'),
        atMost('added to a direct call when idle, p99', added(whole, 0.99), 1.5, 'ms'),
      ],
    },
    {
      title: 'Time to the first event with content',
      about: 'The same, for streams of 100 events that the upstream sends at once.',
      rows: [...rows(first), ...addedRows(first)],
      targets: [atMost('added to the first event of a stream, p50', added(first, 0.5), 0.4, 'ms')],
    },
  ];
}

/** The times of each round, in the order of the turns. */
type Times = ReadonlyMap<SubjectName, readonly (readonly number[])[]>;

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

function rows(times: Times): Row[] {
  return SUBJECTS.map((subject) =>
    row(
      `p50 ${subject}`,
      'ms',
      (times.get(subject) ?? []).map((round) => quantile(sorted(round), 0.5)),
    ),
  );
}

function addedRows(times: Times): Row[] {
  return [
    row('everything on adds to a direct call, p50', 'ms', differences(times, 'upstream', 0.5)),
    row('everything on adds to a direct call, p99', 'ms', differences(times, 'upstream', 0.99)),
    row('everything on adds to the bare passthrough, p50', 'ms', differences(times, 'bare', 0.5)),
    row('everything on adds to the bare passthrough, p99', 'ms', differences(times, 'bare', 0.99)),
  ];
}

/** By round, a quantile of the differences between what everything takes and what another took in the same turn. */
function differences(times: Times, to: SubjectName, q: number): number[] {
  const base = times.get(to) ?? [];
  return (times.get('everything') ?? []).map((values, round) =>
    quantile(sorted(values.map((value, turn) => value - (base[round]?.[turn] ?? Number.NaN))), q),
  );
}

/** Requests go to the subjects in turn, so that whatever the machine does hits all of them. */
async function measure(lab: Lab, manner: Manner, moment: keyof ReplyTimes): Promise<Times> {
  const { rounds, requests } = lab.settings;
  const stations = await Promise.all(
    SUBJECTS.map(async (subject) => {
      const ask = lab.ask(subject, manner);
      const client = await RawClient.open(lab.child(subject).port);
      return { subject, client, request: requestBytes(ask.url, ask.headers, ask.body), rounds: [] as number[][] };
    }),
  );
  for (let round = 0; round < rounds; round++) {
    const times = stations.map(() => [] as number[]);
    for (let turn = 0; turn < requests; turn++) {
      for (const [index, { client, request }] of stations.entries()) {
        times[index]?.push((await client.exchange(request))[moment]);
      }
    }
    for (const [index, station] of stations.entries()) station.rounds.push(times[index] ?? []);
  }
  for (const { client } of stations) client.close();
  return new Map(stations.map((station) => [station.subject, station.rounds]));
}
