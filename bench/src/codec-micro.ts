/** Runs the translations in a tight loop, each beside its reference. Run in a process of its own. */
import type { MicroCase } from './micro.ts';
import { comparisons, type Comparison } from './translation-cases.ts';

/** How long one sample runs, in microseconds of processor time. */
const SAMPLE = 20_000;

/** The nanoseconds of both sides, by round. */
export interface ComparisonResult extends Pick<Comparison, 'what' | 'limit'> {
  readonly per: string;
  readonly reference: readonly number[];
  readonly translation: readonly number[];
}

/** Measures both sides of each comparison right after one another, round for round, once all of the code is warm. */
export function compare(cases: readonly Comparison[], rounds: number): ComparisonResult[] {
  const all = cases.map((one) => ({ one, reference: [] as number[], translation: [] as number[] }));
  for (let round = -1; round < rounds; round++) {
    for (const { one, reference, translation } of all) {
      const [before, after] = [sample(one.reference), sample(one.translation)];
      if (round < 0) continue;
      reference.push(before);
      translation.push(after);
    }
  }
  return all.map(({ one: { what, limit, translation: measured }, reference, translation }) => {
    return { what, limit, per: measured.per, reference, translation };
  });
}

/**
 * The nanoseconds of processor time for one of what a run has. What else the machine does is not in it. A sample is from
 * one step of the clock to another: systems may count the time of a thread only every four milliseconds.
 */
function sample(one: MicroCase): number {
  const waited = used();
  let began = waited;
  while (began === waited) began = used();
  let runs = 0;
  let taken = 0;
  while (taken < SAMPLE) {
    void one.run();
    runs++;
    taken = used() - began;
  }
  return (taken * 1000) / (runs * one.count);
}

function used(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

if (import.meta.main) {
  process.send?.({ results: compare(await comparisons(), Number(process.argv[2] ?? 5)) });
}
