/** What a gateway adds to one request, when nothing else is going on. */
import type { Lab, SubjectName } from './lab.ts';
import type { Manner } from './payload.ts';
import { RawClient, requestBytes, type ReplyTimes } from './raw-client.ts';
import { row, type Section } from './report.ts';
import { quantile, statistic } from './statistic.ts';

const SUBJECTS: readonly SubjectName[] = ['upstream', 'bare', 'lean', 'complete'];

export async function latency(lab: Lab): Promise<Section[]> {
  const whole = await measure(lab, 'whole', 'end');
  const first = await measure(lab, 'burst', 'content');
  const added = statistic(differences(whole, 'complete', 'upstream')).median;
  return [
    {
      title: 'Latency when idle, whole replies',
      about: 'One connection, one request after another; p50 of a round, in turn with the others request by request.',
      rows: [...rows(whole), row('gateway adds to a direct call', 'ms', differences(whole, 'complete', 'upstream'))],
      verdicts: [{ aim: 'adds less than 1 ms at p50 when idle', found: `${added.toFixed(3)} ms`, met: added < 1 }],
    },
    {
      title: 'Time to the first event with content',
      about: 'The same, for streams of 100 events that the upstream sends at once.',
      rows: [
        ...rows(first),
        row('gateway adds to a direct call', 'ms', differences(first, 'complete', 'upstream')),
        row('gateway adds to the bare passthrough', 'ms', differences(first, 'complete', 'bare')),
      ],
    },
  ];
}

type Medians = ReadonlyMap<SubjectName, readonly number[]>;

function rows(medians: Medians): Section['rows'] {
  return SUBJECTS.map((subject) => row(`p50 ${subject}`, 'ms', medians.get(subject) ?? []));
}

function differences(medians: Medians, of: SubjectName, to: SubjectName): number[] {
  const base = medians.get(to) ?? [];
  return (medians.get(of) ?? []).map((value, round) => value - (base[round] ?? Number.NaN));
}

/** The p50 of each round. Requests go to the subjects in turn, so that whatever the machine does hits all of them. */
async function measure(lab: Lab, manner: Manner, moment: keyof ReplyTimes): Promise<Medians> {
  const { rounds, requests } = lab.settings;
  const stations = await Promise.all(
    SUBJECTS.map(async (subject) => {
      const ask = lab.ask(subject, manner);
      const client = await RawClient.open(lab.child(subject).port);
      return { subject, client, request: requestBytes(ask.url, ask.headers, ask.body), medians: [] as number[] };
    }),
  );
  for (let round = 0; round < rounds; round++) {
    const times = stations.map(() => [] as number[]);
    for (let turn = 0; turn < requests; turn++) {
      for (const [index, { client, request }] of stations.entries()) {
        times[index]?.push((await client.exchange(request))[moment]);
      }
    }
    for (const [index, { medians }] of stations.entries()) {
      medians.push(
        quantile(
          (times[index] ?? []).toSorted((a, b) => a - b),
          0.5,
        ),
      );
    }
  }
  for (const { client } of stations) client.close();
  return new Map(stations.map(({ subject, medians }) => [subject, medians]));
}
