/** Streams at full speed: how many a core carries, beside a bare passthrough. */
import type { Lab, SubjectName } from './lab.ts';
import { row, type Row, type Section } from './report.ts';
import { interleave } from './statistic.ts';
import { sample, type Sample } from './throughput.ts';

const EVENTS = 100;
const CONNECTIONS = 32;
const SUBJECTS: readonly SubjectName[] = ['upstream', 'bare', 'lean', 'complete'];

export async function streams(lab: Lab): Promise<Section> {
  const samples = await interleave(SUBJECTS, lab.settings.rounds, (subject) =>
    sample(lab, subject, lab.ask(subject, 'burst'), CONNECTIONS),
  );
  const values = (subject: SubjectName, of: keyof Sample): number[] =>
    (samples.get(subject) ?? []).map((one) => one[of]);
  const rows: Row[] = [];
  for (const subject of SUBJECTS) {
    rows.push(row(`${subject}, streams`, 'streams/s', values(subject, 'perSecond'), values('bare', 'perSecond')));
  }
  for (const subject of SUBJECTS) {
    const events = values(subject, 'perSecond').map((perSecond) => perSecond * EVENTS);
    rows.push(row(`${subject}, events`, 'events/s', events));
  }
  for (const subject of SUBJECTS) {
    const perEvent = values(subject, 'cpu').map((cpu) => cpu / EVENTS);
    const bare = values('bare', 'cpu').map((cpu) => cpu / EVENTS);
    rows.push(row(`${subject}, processor time per event`, 'µs', perEvent, bare));
  }
  return {
    title: `Streams of ${EVENTS} events at full speed`,
    about: `${CONNECTIONS} connections; each event is a chunk of its own, and all of a stream is there at once.`,
    ratioTo: 'bare',
    rows,
  };
}
