/** The parts of the gateway on their own, in a tight loop: nanoseconds each. Run in a process of its own. */
import { hookCases } from './hook-cases.ts';
import { jsonCases } from './json-cases.ts';
import { routingCases } from './routing-cases.ts';
import { interleave } from './statistic.ts';
import { streamCases } from './stream-cases.ts';

/** How long one sample of a case runs, in milliseconds. */
const SAMPLE = 25;

/** One part, as often as it is called. */
export interface MicroCase {
  readonly name: string;
  /** What the figure is per: a call, an event. */
  readonly per: string;
  /** How many of these one run has. */
  readonly count: number;
  run(): void | Promise<void>;
}

/** The nanoseconds of one call or event, by round. */
export interface MicroResult {
  readonly name: string;
  readonly per: string;
  readonly nanoseconds: readonly number[];
}

/** Measures all cases, in turn. */
export async function measureMicro(cases: readonly MicroCase[], rounds: number): Promise<MicroResult[]> {
  const runs = new Map<MicroCase, number>();
  for (const one of cases) runs.set(one, await calibrate(one));
  const values = await interleave(cases, rounds, async (one) => {
    const times = runs.get(one) ?? 1;
    return ((await time(one, times)) * 1e6) / (times * one.count);
  });
  return cases.map((one) => ({ name: one.name, per: one.per, nanoseconds: values.get(one) ?? [] }));
}

/** How many runs fill a sample, once the code is warm. */
async function calibrate(one: MicroCase): Promise<number> {
  await time(one, 1);
  for (let times = 1; ; times *= 2) {
    const taken = await time(one, times);
    if (taken >= SAMPLE) return Math.max(1, Math.round((times * SAMPLE) / taken));
  }
}

async function time(one: MicroCase, times: number): Promise<number> {
  const began = performance.now();
  for (let turn = 0; turn < times; turn++) {
    const waiting = one.run();
    if (waiting !== undefined) await waiting;
  }
  return performance.now() - began;
}

if (import.meta.main) {
  const results = await measureMicro(
    [...hookCases(), ...(await streamCases()), ...jsonCases(), ...routingCases()],
    Number(process.argv[2] ?? 5),
  );
  process.send?.({ results });
}
