/** How far down a gateway could come: servers written by hand that do the same for one kind of request alone. */
import { Child, TEST_CORE } from './child.ts';
import { LIMITS, ONE_ARENA, type Lab } from './lab.ts';
import type { Load } from './load.ts';
import { row, type Section } from './report.ts';
import { interleave } from './statistic.ts';
import { sampleOf } from './throughput.ts';
import { warmWith } from './warm-up.ts';

const LABELS = {
  bare: 'bare passthrough',
  uncounted: 'by hand, in step, nothing counted',
  complete: 'gateway, nothing counted',
  plain: 'by hand, each request as it comes',
  steps: 'by hand, in step',
  everything: 'gateway, everything on',
} as const;
type Subject = keyof typeof LABELS;
type ByHand = 'plain' | 'steps' | 'uncounted';

export async function floor(lab: Lab): Promise<Section> {
  const children = new Map<Subject, Child>();
  const byHand: Child[] = [];
  try {
    for (const subject of Object.keys(LABELS) as Subject[]) {
      const child = isByHand(subject) ? await startByHand(lab, subject) : lab.child(subject);
      if (isByHand(subject)) byHand.push(child);
      children.set(subject, child);
      await warmWith(loadOn(lab, subject, child), lab.settings.warmUp);
    }
    const samples = await interleave([...children], lab.settings.rounds, async ([subject, child]) => {
      return (await sampleOf(child, loadOn(lab, subject, child))).cpu;
    });
    return section(new Map([...samples].map(([[subject], times]) => [subject, times])), lab.settings.connections);
  } finally {
    await Promise.all(byHand.map((child) => child.stop()));
  }
}

const isByHand = (subject: Subject): subject is ByHand => ['plain', 'steps', 'uncounted'].includes(subject);

function startByHand(lab: Lab, manner: ByHand): Promise<Child> {
  const args = [lab.child('upstream').origin, `${lab.logFile}-${manner}`, manner];
  return Child.start('./by-hand.ts', { core: TEST_CORE, args, flags: LIMITS, env: ONE_ARENA });
}

function loadOn(lab: Lab, subject: Subject, { origin }: Child): Load {
  const { connections, seconds } = lab.settings;
  return { ...lab.ask(subject === 'bare' ? 'bare' : 'everything', 'whole', 400, origin), connections, seconds };
}

function section(times: ReadonlyMap<Subject, readonly number[]>, connections: number): Section {
  const of = (subject: Subject): readonly number[] => times.get(subject) ?? [];
  return {
    title: 'The floor: the same by hand',
    about: `Processor time of a request of 400 B, ${connections} connections. By hand: a key, three limits, three budgets, a price, six metrics, a row in the journal and in SQLite, a line in the log; no Koa, no hooks, no timeouts, no faults.`,
    ratioTo: 'bare',
    rows: [...times.keys()].map((subject) => row(LABELS[subject], 'µs', of(subject), of('bare'))),
  };
}
