/** Streams at full speed: how many a core carries, beside a bare passthrough. */
import type { Lab } from './lab.ts';
import { row, type Row, type Section } from './report.ts';
import { interleave, ratios, statistic } from './statistic.ts';
import { atLeast } from './target.ts';
import { sample, type Sample } from './throughput.ts';

const EVENTS = 100;
const CONNECTIONS = 32;

/** The last one is asked in another dialect than the upstream speaks. */
const SUBJECTS = ['upstream', 'bare', 'pipe', 'everything', 'translated'] as const;
type Subject = (typeof SUBJECTS)[number];

export async function streams(lab: Lab): Promise<Section> {
  const samples = await interleave(SUBJECTS, lab.settings.rounds, (subject) =>
    subject === 'translated'
      ? sample(lab, 'everything', lab.askMessages('everything', 'burst'), CONNECTIONS)
      : sample(lab, subject, lab.ask(subject, 'burst'), CONNECTIONS),
  );
  const values = (subject: Subject, of: keyof Sample): number[] => (samples.get(subject) ?? []).map((one) => one[of]);
  const rows: Row[] = [];
  for (const subject of SUBJECTS) {
    rows.push(row(`${subject}, streams`, 'streams/s', values(subject, 'perSecond'), values('pipe', 'perSecond')));
  }
  for (const subject of SUBJECTS) {
    const events = values(subject, 'perSecond').map((perSecond) => perSecond * EVENTS);
    rows.push(row(`${subject}, events`, 'events/s', events));
  }
  const perEvent = (subject: Subject): number[] => values(subject, 'cpu').map((cpu) => cpu / EVENTS);
  for (const subject of SUBJECTS) {
    rows.push(row(`${subject}, processor time per event`, 'µs', perEvent(subject), perEvent('pipe')));
  }
  const share = (of: Subject): number => statistic(ratios(perEvent('pipe'), perEvent(of))).median;
  return {
    title: `Streams of ${EVENTS} events at full speed`,
    about: `${CONNECTIONS} connections; each event is a chunk of its own, and all of a stream is there at once. The pipe is a bare passthrough that writes what comes in one turn of the loop at once.`,
    ratioTo: 'pipe',
    rows,
    targets: [
      atLeast('stream events, same dialect, share of the bare pipe', share('everything'), 0.6),
      atLeast('stream events, across dialects, share of the bare pipe', share('translated'), 0.25),
    ],
  };
}
