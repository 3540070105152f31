/** What it costs to count money: virtual keys, limits, budgets and usage rows, beside the same gateway with static keys. */
import { startRedis } from '@gatewright/testkit/servers';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import type { Load } from './load.ts';
import { millionKeys } from './million-keys.ts';
import { VIRTUAL_KEY } from './payload.ts';
import { row, type Row, type Section, type Verdict } from './report.ts';
import { interleave, ratios, statistic } from './statistic.ts';
import { sampleOf, type Sample } from './throughput.ts';
import { warmWith } from './warm-up.ts';

/** What the counting gateway must serve of what the other does. */
const AIMS = { money: 0.8, 'money-redis': 0.6 } as const;
const LABELS = {
  complete: 'static keys, nothing counted',
  money: 'all counted, SQLite and memory',
  'money-redis': 'all counted, SQLite and Redis',
} as const;
type Subject = keyof typeof LABELS;

export async function money(lab: Lab): Promise<Section[]> {
  return [await requests(lab), await millionKeys(lab.settings.rounds)];
}

export async function requests(lab: Lab): Promise<Section> {
  const redis = await startRedis();
  const children = new Map<Subject, Child>([['complete', lab.child('complete')]]);
  try {
    for (const name of ['money', 'money-redis'] as const) children.set(name, await lab.fresh(name, redis.url));
    const loads = new Map([...children].map(([subject, { origin }]) => [subject, loadOn(lab, origin)] as const));
    for (const load of loads.values()) await warmWith(load, lab.settings.warmUp);
    const samples = await interleave([...children], lab.settings.rounds, ([subject, child]) =>
      sampleOf(child, loads.get(subject) as Load),
    );
    return section(new Map([...samples].map(([[subject], values]) => [subject, values])), lab.settings.connections);
  } finally {
    for (const [subject, child] of children) if (subject !== 'complete') await child.stop();
    await redis.stop();
  }
}

/** All three are asked with the same bytes but for the key. */
function loadOn(lab: Lab, origin: string): Load {
  const { connections, seconds } = lab.settings;
  const ask = lab.ask('complete', 'whole', 400, origin);
  if (origin === lab.child('complete').origin) return { ...ask, connections, seconds };
  return { ...ask, headers: { ...ask.headers, authorization: `Bearer ${VIRTUAL_KEY}` }, connections, seconds };
}

function section(samples: ReadonlyMap<Subject, readonly Sample[]>, connections: number): Section {
  const perSecond = (subject: Subject): number[] => (samples.get(subject) ?? []).map((one) => one.perSecond);
  const perCore = (subject: Subject): number[] => (samples.get(subject) ?? []).map(({ cpu }) => 1e6 / cpu);
  const subjects = [...samples.keys()];
  const rows: Row[] = [
    ...subjects.map((subject) => row(LABELS[subject], 'req/s', perSecond(subject), perSecond('complete'))),
    ...subjects.map((subject) =>
      row(`${LABELS[subject]}, by processor time`, 'req/core-s', perCore(subject), perCore('complete')),
    ),
  ];
  const verdicts = Object.entries(AIMS).map(([subject, aim]): Verdict => {
    const share = statistic(ratios(perCore(subject as Subject), perCore('complete'))).median;
    return {
      aim: `${LABELS[subject as Subject]}: at least ${aim} of static keys, by processor time`,
      found: share.toFixed(2),
      met: share >= aim,
    };
  });
  return {
    title: 'Money: keys, limits, budgets and usage, requests of 400 B',
    about: `${connections} connections. Three limits and three budgets apply to every request, and each leaves a row. What Redis itself takes is not in it.`,
    ratioTo: 'static keys',
    rows,
    verdicts,
  };
}
