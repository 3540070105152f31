/** What it costs to translate: clients that speak Anthropic's messages, an upstream that speaks OpenAI's chat completions. */
import type { Ask, Lab } from './lab.ts';
import type { Manner } from './payload.ts';
import { row, type Row, type Section } from './report.ts';
import { interleave } from './statistic.ts';
import { sample } from './throughput.ts';

interface Way {
  readonly what: string;
  readonly manner: Manner;
  readonly ask: Ask;
}

export async function translation(lab: Lab): Promise<Section> {
  const { rounds, connections } = lab.settings;
  const pair = (what: string, manner: Manner, size: number): [Way, Way] => [
    { what: `${what}, same dialect`, manner, ask: lab.ask('everything', manner, size) },
    { what: `${what}, translated`, manner, ask: lab.askMessages('everything', manner, size) },
  ];
  const pairs = [
    pair('400 B whole', 'whole', 400),
    pair('10 kB whole', 'whole', 10_000),
    pair('stream of 100 events', 'burst', 400),
  ];
  const samples = await interleave(pairs.flat(), rounds, ({ ask }) => sample(lab, 'everything', ask, connections));
  const rows: Row[] = [];
  for (const [same, translated] of pairs) {
    const perCore = (way: Way): number[] => (samples.get(way) ?? []).map(({ cpu }) => 1e6 / cpu);
    rows.push(row(same.what, 'req/core-s', perCore(same), perCore(same)));
    rows.push(row(translated.what, 'req/core-s', perCore(translated), perCore(same)));
  }
  return {
    title: 'The same dialect, and across dialects',
    about: 'Everything on. Translated: the client speaks Anthropic messages, the upstream OpenAI chat completions.',
    ratioTo: 'same dialect',
    rows,
  };
}
