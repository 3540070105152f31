/** Runs the translations in a tight loop, each beside its reference. Run in a process of its own. */
import type { MicroCase } from './micro.ts';
import { comparisons, type Comparison } from './translation-cases.ts';

/** How long one sample runs, in microseconds of processor time. */
const SAMPLE = 15_000;

/** The nanoseconds of both sides, by round. */
export interface ComparisonResult extends Pick<Comparison, 'what' | 'limit'> {
  readonly per: string;
  readonly reference: readonly number[];
  readonly translation: readonly number[];
}

/** Measures both sides of each comparison right after one another, round for round. */
export function compare(cases: readonly Comparison[], rounds: number): ComparisonResult[] {
  const all = cases.map((one) => ({
    one,
    times: [calibrate(one.reference), calibrate(one.translation)] as const,
    reference: [] as number[],
    translation: [] as number[],
  }));
  for (let round = 0; round < rounds; round++) {
    for (const { one, times, reference, translation } of all) {
      reference.push(sample(one.reference, times[0]));
      translation.push(sample(one.translation, times[1]));
    }
  }
  return all.map(({ one: { what, limit, translation: measured }, reference, translation }) => {
    return { what, limit, per: measured.per, reference, translation };
  });
}

/** How many runs fill a sample, once the code is warm. */
function calibrate(one: MicroCase): number {
  for (let times = 1; ; times *= 2) {
    const taken = (sample(one, times) * times * one.count) / 1000;
    if (taken >= SAMPLE) return Math.max(1, Math.round((times * SAMPLE) / taken));
  }
}

/** The nanoseconds of processor time for one of what a run has. What else the machine does is not in it. */
function sample(one: MicroCase, times: number): number {
  const began = process.threadCpuUsage();
  for (let turn = 0; turn < times; turn++) void one.run();
  const { user, system } = process.threadCpuUsage(began);
  return ((user + system) * 1000) / (times * one.count);
}

if (import.meta.main) {
  process.send?.({ results: compare(await comparisons(), Number(process.argv[2] ?? 5)) });
}
