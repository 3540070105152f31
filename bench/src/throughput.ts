/** How many requests a second one core serves, beside a bare passthrough. */
import type { Child } from './child.ts';
import type { Lab, Ask, SubjectName } from './lab.ts';
import { putLoad, type Load } from './load.ts';
import { row, type Row, type Section } from './report.ts';
import { interleave, ratios, statistic } from './statistic.ts';
import { atLeast } from './target.ts';

/** One load on one subject. */
export interface Sample {
  readonly perSecond: number;
  /** Processor time of the subject per request, in microseconds: what other processes take does not count. */
  readonly cpu: number;
}

/** Loads a subject and reads what it cost. */
export function sample(lab: Lab, subject: SubjectName, ask: Ask, connections: number): Promise<Sample> {
  const { seconds } = lab.settings;
  return sampleOf(lab.child(subject), { ...ask, connections, seconds });
}

/** Loads a process and reads what it cost. */
export async function sampleOf(child: Child, load: Load): Promise<Sample> {
  const before = await child.vitals();
  const { perSecond, requests } = await putLoad(load);
  const after = await child.vitals();
  return { perSecond, cpu: (after.cpu - before.cpu) / requests };
}

const LABELS: Readonly<Record<SubjectName, string>> = {
  upstream: 'the upstream itself',
  bare: 'bare passthrough',
  pipe: 'bare passthrough that gathers',
  lean: 'gateway, dialects and providers only',
  auth: 'gateway, keys and routes only',
  complete: 'gateway, nothing counted',
  everything: 'gateway, everything on',
};

const SIZES = [400, 10_000, 100_000];

export async function throughput(lab: Lab): Promise<Section[]> {
  const sections: Section[] = [];
  for (const size of SIZES) sections.push(await ofSize(lab, size));
  return sections;
}

async function ofSize(lab: Lab, size: number): Promise<Section> {
  const { rounds, connections } = lab.settings;
  const subjects: SubjectName[] = ['upstream', 'bare', 'auth', 'complete', 'everything'];
  const samples = await interleave(subjects, rounds, (subject) =>
    sample(lab, subject, lab.ask(subject, 'whole', size), connections),
  );
  const values = (subject: SubjectName, of: keyof Sample): number[] =>
    (samples.get(subject) ?? []).map((one) => one[of]);
  const rows: Row[] = [];
  for (const subject of subjects)
    rows.push(row(LABELS[subject], 'req/s', values(subject, 'perSecond'), values('bare', 'perSecond')));
  // Time of the core that a request takes, upside down: how many would fit in a second of it.
  const perCore = (subject: SubjectName): number[] => values(subject, 'cpu').map((cpu) => 1e6 / cpu);
  for (const subject of subjects)
    rows.push(row(`${LABELS[subject]}, by processor time`, 'req/core-s', perCore(subject), perCore('bare')));
  const share = (of: SubjectName): number => statistic(ratios(perCore(of), perCore('bare'))).median;
  return {
    title: `Requests: ${size >= 1000 ? `${size / 1000} kB` : `${size} B`} in, 800 B out, not streamed`,
    about: `${connections} connections. "By processor time" counts only the time that the process itself ran: the steadier figure on a busy machine.`,
    ratioTo: 'bare',
    rows,
    ...(size > 1000
      ? {}
      : {
          targets: [
            atLeast('everything on, small chat, one core, share of the bare passthrough', share('everything'), 0.6),
            atLeast('keys and routes only, small chat, share of the bare passthrough', share('auth'), 0.75),
            atLeast('keys, prices, metrics and log, small chat, share of the bare passthrough', share('complete'), 0.5),
          ],
        }),
  };
}
