/** How far down a gateway could come: servers written by hand that do the same for one kind of request alone. */
import { startRedis } from '@gatewright/testkit/servers';
import { Child, TEST_CORE } from './child.ts';
import { LIMITS, ONE_ARENA, type Lab } from './lab.ts';
import type { Load } from './load.ts';
import { VIRTUAL_KEY } from './payload.ts';
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
  redis: 'by hand, in step, counted in Redis',
  'money-redis': 'gateway, counted in Redis',
} as const;
type Subject = keyof typeof LABELS;
type ByHand = 'plain' | 'steps' | 'uncounted' | 'redis';

export async function floor(lab: Lab): Promise<Section> {
  const children = new Map<Subject, Child>();
  const own: Child[] = [];
  const redis = await startRedis();
  try {
    for (const subject of Object.keys(LABELS) as Subject[]) {
      const child = await start(lab, subject, redis.url);
      if (isByHand(subject) || subject === 'money-redis') own.push(child);
      children.set(subject, child);
      await warmWith(loadOn(lab, subject, child), lab.settings.warmUp);
    }
    const samples = await interleave([...children], lab.settings.rounds, async ([subject, child]) => {
      return (await sampleOf(child, loadOn(lab, subject, child))).cpu;
    });
    return section(new Map([...samples].map(([[subject], times]) => [subject, times])), lab.settings.connections);
  } finally {
    await Promise.all(own.map((child) => child.stop()));
    await redis.stop();
  }
}

const isByHand = (subject: Subject): subject is ByHand => ['plain', 'steps', 'uncounted', 'redis'].includes(subject);

async function start(lab: Lab, subject: Subject, redis: string): Promise<Child> {
  if (subject === 'money-redis') return lab.fresh(subject, redis);
  if (!isByHand(subject)) return lab.child(subject);
  const args = [lab.child('upstream').origin, `${lab.logFile}-${subject}`, subject];
  if (subject === 'redis') args.push(redis);
  return Child.start('./by-hand.ts', { core: TEST_CORE, args, flags: LIMITS, env: ONE_ARENA });
}

function loadOn(lab: Lab, subject: Subject, { origin }: Child): Load {
  const { connections, seconds } = lab.settings;
  const ask = lab.ask(subject === 'bare' ? 'bare' : 'everything', 'whole', 400, origin);
  if (subject !== 'money-redis') return { ...ask, connections, seconds };
  return { ...ask, headers: { ...ask.headers, authorization: `Bearer ${VIRTUAL_KEY}` }, connections, seconds };
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
