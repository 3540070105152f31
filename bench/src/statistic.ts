/** Medians and spreads of measurements that were taken in rounds. */

export interface Statistic {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The median of the values, and the lowest and highest of them. Throws RangeError where there are none. */
export function statistic(values: readonly number[]): Statistic {
  if (values.length === 0) throw new RangeError('There is nothing to take a median of.');
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: sorted[0] as number, high: sorted.at(-1) as number };
}

/** A quantile of sorted values, between two neighbours by their distance. */
export function quantile(sorted: readonly number[], q: number): number {
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}

/** Each round's value divided by the same round's value of another: what changed between rounds has hit both. */
export function ratios(values: readonly number[], of: readonly number[]): number[] {
  return values.map((value, round) => value / (of[round] as number));
}

/**
 * Measures every subject once a round, one after another, and turns the order round each time, so that a drift of the
 * machine favours none. Answers the values of each subject by round.
 */
export async function interleave<S, T>(
  subjects: readonly S[],
  rounds: number,
  measure: (subject: S) => Promise<T>,
): Promise<Map<S, T[]>> {
  const values = new Map<S, T[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? subjects : subjects.toReversed();
    for (const subject of order) values.get(subject)?.push(await measure(subject));
  }
  return values;
}
